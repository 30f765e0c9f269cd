/** The resume tokens of a conversation: when one is issued, what it carries, and which are used up. */
@NullMarked
package dev.livebridge.session.token;

import org.jspecify.annotations.NullMarked;
