/** The port through which a conversation learns what it may use, and reports what it has used. */
@NullMarked
package dev.livebridge.session.budget;

import org.jspecify.annotations.NullMarked;
