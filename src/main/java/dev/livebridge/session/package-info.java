/**
 * One conversation and everything that keeps it alive: the bridge, its two pumps and queues, its limits and its one
 * ending. Knows neither WebSockets nor JSON; both edges are ports.
 */
@NullMarked
package dev.livebridge.session;

import org.jspecify.annotations.NullMarked;
