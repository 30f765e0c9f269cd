package dev.livebridge.session.queue;

import org.jspecify.annotations.Nullable;

/** Called once when a write has finished or failed, on a thread of the socket; must not block. */
@FunctionalInterface
public interface WriteCallback {

    /**
     * The write has finished or failed.
     *
     * @param failure why it failed, {@code null} when the bytes were handed to the socket
     */
    void onWritten(@Nullable Throwable failure);
}
