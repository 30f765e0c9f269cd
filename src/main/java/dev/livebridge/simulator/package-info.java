/**
 * The built-in stand-in for Gemini Live: the real paths, frames, timing and refusals, over a real socket. Shares no
 * codec with the gateway, because equal faults would cancel out.
 */
@NullMarked
package dev.livebridge.simulator;

import org.jspecify.annotations.NullMarked;
