/**
 * The browser edge: WebSocket endpoints and the checks before an upgrade.
 *
 * <p>The endpoints' callbacks return at once and run on their connection's event loop, so they come one after the other
 * by themselves. They are declared {@code CONCURRENT} to spare each message the queue that WebSockets Next would keep
 * its order with.
 */
@NullMarked
package dev.livebridge.browser;

import org.jspecify.annotations.NullMarked;
