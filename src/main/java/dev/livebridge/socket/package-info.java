/** The messages of a WebSocket, read and written at its Netty channel. */
@NullMarked
package dev.livebridge.socket;

import org.jspecify.annotations.NullMarked;
