/** Callers and the reasons for which callers are refused; independent of HTTP and of the identity provider. */
@NullMarked
package dev.livebridge.access;

import org.jspecify.annotations.NullMarked;
