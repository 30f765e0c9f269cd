/**
 * The life of a session: its state, the relays and writers of both directions, limits, migration and end. Knows neither
 * WebSockets nor JSON; both edges are ports.
 */
@NullMarked
package dev.livebridge.session;

import org.jspecify.annotations.NullMarked;
