/** The messages that both edges share: from the client, from the model, and from the gateway itself. */
@NullMarked
package dev.livebridge.message;

import org.jspecify.annotations.NullMarked;
