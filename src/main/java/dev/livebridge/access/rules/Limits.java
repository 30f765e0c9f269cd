package dev.livebridge.access.rules;

import org.jspecify.annotations.Nullable;

/**
 * What conversations that are counted together may use; {@code null} is no limit.
 *
 * @param conversations open at once
 * @param startsPerMinute begun within any 60 seconds
 * @param perDay used on one day of UTC
 */
public record Limits(
        @Nullable Integer conversations, @Nullable Integer startsPerMinute, UsageLimit perDay) {

    /** No limit at all. */
    public static final Limits NONE = new Limits(null, null, UsageLimit.NONE);
}
