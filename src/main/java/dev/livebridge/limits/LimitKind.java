package dev.livebridge.limits;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.UsageTotals;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a limit counts. */
public enum LimitKind {
    /** Conversations that are open at once. */
    CONVERSATIONS(AccessRefusal.CONCURRENCY, "as many conversations open as are allowed"),
    /** Conversations that begin within a minute. */
    STARTS(AccessRefusal.RATE, "begun as many conversations in the last minute as are allowed"),
    /** Minutes of conversation. */
    MINUTES(AccessRefusal.BUDGET, "used up the time"),
    /** Tokens. */
    TOKENS(AccessRefusal.BUDGET, "used up the tokens"),
    /** US dollars. */
    USD(AccessRefusal.BUDGET, "used up the money");

    private final AccessRefusal refusal;
    private final String predicate;
    private final String label = name().toLowerCase(Locale.ROOT);

    LimitKind(AccessRefusal refusal, String predicate) {
        this.refusal = refusal;
        this.predicate = predicate;
    }

    /** The first kind of which nothing is left; {@code null} when something is left of all. */
    static @Nullable LimitKind exhausted(UsageLimit limit, UsageTotals used) {
        if (limit.time() != null && used.millis() >= limit.time().toMillis()) {
            return MINUTES;
        }
        if (limit.tokens() != null && used.tokens() >= limit.tokens()) {
            return TOKENS;
        }
        return limit.microUsd() != null && used.microUsd() >= limit.microUsd() ? USD : null;
    }

    /** The metric label. */
    public String label() {
        return label;
    }

    /** Why an upgrade is refused at this limit. */
    public AccessRefusal refusal() {
        return refusal;
    }

    /** What a sentence says about it. */
    String predicate() {
        return predicate;
    }
}
