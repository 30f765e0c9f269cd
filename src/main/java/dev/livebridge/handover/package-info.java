/**
 * How instances of the service pass conversations on: over the management port, which only they and the operator reach.
 */
@NullMarked
package dev.livebridge.handover;

import org.jspecify.annotations.NullMarked;
