package dev.livebridge.session.queue;

import org.jspecify.annotations.Nullable;

/**
 * Told once when a write has left the process, or could not. Runs on whatever thread the socket uses; must not block.
 */
@FunctionalInterface
public interface WriteCallback {

    /**
     * The write is over.
     *
     * @param failure why it failed, {@code null} when the bytes were handed to the socket
     */
    void onWritten(@Nullable Throwable failure);
}
