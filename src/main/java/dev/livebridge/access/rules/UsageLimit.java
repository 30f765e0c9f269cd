package dev.livebridge.access.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of time, tokens and money; {@code null} for none.
 *
 * @param time duration of the conversations
 * @param tokens input and output together
 * @param microUsd millionths of a US dollar, by {@code livebridge.prices}
 */
public record UsageLimit(
        @Nullable Duration time,
        @Nullable Long tokens,
        @Nullable Long microUsd) {

    /** No limits. */
    public static final UsageLimit NONE = new UsageLimit(null, null, null);

    /** The lower one of two limits, each. */
    public UsageLimit and(UsageLimit other) {
        return new UsageLimit(lower(time, other.time), lower(tokens, other.tokens), lower(microUsd, other.microUsd));
    }

    private static <T extends Comparable<T>> @Nullable T lower(@Nullable T one, @Nullable T other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }
}
