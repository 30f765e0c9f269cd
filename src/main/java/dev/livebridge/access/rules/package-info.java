/** What a caller may do and use: the rules of the operator's {@code access.yaml}, read, checked and matched. */
@NullMarked
package dev.livebridge.access.rules;

import org.jspecify.annotations.NullMarked;
