/**
 * Limits on what a client's connection sends and leaves unread, enforced on its bytes before a WebSocket frame is
 * complete. WebSockets Next knows only one size limit for the whole server and reads into an unbounded queue.
 */
@NullMarked
package dev.livebridge.browser.guard;

import org.jspecify.annotations.NullMarked;
