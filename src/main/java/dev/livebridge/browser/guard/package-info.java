/**
 * Limits on the data that a client sends and leaves unread, enforced on bytes, before a WebSocket frame is complete.
 * WebSockets Next has only one size limit for the whole server and reads into an unbounded queue.
 */
@NullMarked
package dev.livebridge.browser.guard;

import org.jspecify.annotations.NullMarked;
