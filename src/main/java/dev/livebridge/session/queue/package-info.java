/** The queue between an event loop and the virtual thread that writes a socket, and the window of writes in flight. */
@NullMarked
package dev.livebridge.session.queue;

import org.jspecify.annotations.NullMarked;
