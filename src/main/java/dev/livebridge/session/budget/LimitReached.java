package dev.livebridge.session.budget;

import org.jspecify.annotations.Nullable;

/**
 * There is no place for a conversation.
 *
 * @param message for people
 * @param retryAfterMillis when another attempt makes sense, {@code null} when that is not a matter of time
 */
public record LimitReached(String message, @Nullable Long retryAfterMillis) {}
