/**
 * The browser edge: WebSocket endpoints and the checks before an upgrade.
 *
 * <p>The endpoints of WebSockets Next handle upgrade and close. Messages do not reach them: {@link ClientSocket} gets
 * them from the channel, on the connection's event loop. Callbacks return at once; {@code CONCURRENT} avoids the queue
 * that keeps their order.
 */
@NullMarked
package dev.livebridge.browser;

import org.jspecify.annotations.NullMarked;
