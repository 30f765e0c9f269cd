package dev.livebridge.limits;

import dev.livebridge.access.rules.Limits;
import dev.livebridge.message.UsageTotals;
import org.jspecify.annotations.Nullable;

/**
 * What conversations that are counted together have used.
 *
 * @param conversations open now
 * @param starts within the last 60 seconds
 * @param today time, tokens and money of this day
 */
record BucketUsage(int conversations, int starts, UsageTotals today) {

    /**
     * The first kind of which nothing is left for one more conversation; {@code null} when something is left of all.
     */
    @Nullable
    LimitKind exhausted(Limits limits) {
        if (limits.conversations() != null && conversations >= limits.conversations()) {
            return LimitKind.CONVERSATIONS;
        }
        if (limits.startsPerMinute() != null && starts >= limits.startsPerMinute()) {
            return LimitKind.STARTS;
        }
        return LimitKind.exhausted(limits.perDay(), today);
    }
}
