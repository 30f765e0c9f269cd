package dev.livebridge.access.rules;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much time, tokens and money may be used; {@code null} is no limit.
 *
 * @param time of conversation
 * @param tokens input and output together
 * @param microUsd millionths of a US dollar, by {@code livebridge.prices}
 */
public record UsageLimit(
        @Nullable Duration time,
        @Nullable Long tokens,
        @Nullable Long microUsd) {

    /** No limit at all. */
    public static final UsageLimit NONE = new UsageLimit(null, null, null);
}
