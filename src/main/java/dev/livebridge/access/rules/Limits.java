package dev.livebridge.access.rules;

import org.jspecify.annotations.Nullable;

/**
 * Limits of conversations that are counted together; {@code null} for none.
 *
 * @param conversations open at the same time
 * @param startsPerMinute conversations started within any 60 seconds
 * @param perDay usage on one day of UTC
 */
public record Limits(
        @Nullable Integer conversations, @Nullable Integer startsPerMinute, UsageLimit perDay) {

    /** No limits. */
    public static final Limits NONE = new Limits(null, null, UsageLimit.NONE);
}
