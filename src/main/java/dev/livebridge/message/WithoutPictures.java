package dev.livebridge.message;

import org.jspecify.annotations.Nullable;

/**
 * A client's message after its pictures and videos were removed.
 *
 * @param message the rest; {@code null} when the message had nothing else
 * @param removed number of pictures and videos
 */
public record WithoutPictures(@Nullable ClientMessage message, int removed) {}
