/** The vocabulary both edges share: what a client says, what the model says, and what the gateway itself says. */
@NullMarked
package dev.livebridge.message;

import org.jspecify.annotations.NullMarked;
