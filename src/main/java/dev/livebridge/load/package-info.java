/**
 * The load generator: talkers that hold real conversations with a running service, and what they measured. Shares no
 * codec with the gateway, or a fault in one would meet its mirror image and go unseen.
 */
@NullMarked
package dev.livebridge.load;

import org.jspecify.annotations.NullMarked;
