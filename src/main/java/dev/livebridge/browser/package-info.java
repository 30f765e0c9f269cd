/**
 * The browser edge: WebSocket endpoints and the checks before an upgrade.
 *
 * <p>The endpoints' callbacks return at once and run on their connection's event loop, which already serializes them.
 * They are declared {@code CONCURRENT} to avoid the queue that WebSockets Next would otherwise use to keep the order.
 */
@NullMarked
package dev.livebridge.browser;

import org.jspecify.annotations.NullMarked;
