package dev.livebridge.limits;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.Rule;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.UsageTotals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller has used and has left, as JSON: {@code rule}, and {@code limits}, a list with one entry for each limit:
 * {@code scope}, whose conversations are counted together; {@code kind}, what is counted; {@code used}, {@code limit},
 * {@code left}; and {@code resetsInMs} where time frees it. Of {@code conversation}, which each conversation counts for
 * itself, there is the limit alone.
 */
public final class CallerUsage {

    private static final int MILLIS_PER_MINUTE = 60_000;
    private static final int MICRO_DIGITS = 6;
    private static final int MINUTE_DIGITS = 1;

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ArrayNode entries;

    private CallerUsage(Rule rule) {
        json.put("rule", rule.name());
        entries = json.putArray("limits");
    }

    static CallerUsage of(Rule rule, List<Bucket> buckets, List<BucketUsage> used, Duration untilTomorrow) {
        CallerUsage usage = new CallerUsage(rule);
        for (int i = 0; i < buckets.size(); i++) {
            usage.add(buckets.get(i), used.get(i), untilTomorrow);
        }
        usage.addConversation(rule);
        return usage;
    }

    private void add(Bucket bucket, BucketUsage used, Duration untilTomorrow) {
        Limits limits = bucket.limits();
        LimitScope scope = bucket.scope();
        if (limits.conversations() != null) {
            add(scope, LimitKind.CONVERSATIONS, whole(used.conversations()), whole(limits.conversations()), null);
        }
        if (limits.startsPerMinute() != null) {
            add(scope, LimitKind.STARTS, whole(used.starts()), whole(limits.startsPerMinute()), Duration.ofMinutes(1));
        }
        UsageTotals today = used.today();
        UsageLimit day = limits.perDay();
        if (day.time() != null) {
            add(
                    scope,
                    LimitKind.MINUTES,
                    minutes(today.millis()),
                    minutes(day.time().toMillis()),
                    untilTomorrow);
        }
        if (day.tokens() != null) {
            add(scope, LimitKind.TOKENS, whole(today.tokens()), whole(day.tokens()), untilTomorrow);
        }
        if (day.microUsd() != null) {
            add(scope, LimitKind.USD, usd(today.microUsd()), usd(day.microUsd()), untilTomorrow);
        }
    }

    private void add(LimitScope scope, LimitKind kind, BigDecimal used, BigDecimal limit, @Nullable Duration resetsIn) {
        ObjectNode entry = entry(scope, kind)
                .put("used", used)
                .put("limit", limit)
                .put("left", limit.subtract(used).max(BigDecimal.ZERO));
        if (resetsIn != null) {
            entry.put("resetsInMs", resetsIn.toMillis());
        }
    }

    private void addConversation(Rule rule) {
        UsageLimit own = rule.limits().conversation();
        Duration longest = shorter(own.time(), rule.permissions().maxDuration());
        if (longest != null) {
            entry(LimitScope.CONVERSATION, LimitKind.MINUTES).put("limit", minutes(longest.toMillis()));
        }
        if (own.tokens() != null) {
            entry(LimitScope.CONVERSATION, LimitKind.TOKENS).put("limit", own.tokens());
        }
        if (own.microUsd() != null) {
            entry(LimitScope.CONVERSATION, LimitKind.USD).put("limit", usd(own.microUsd()));
        }
    }

    private ObjectNode entry(LimitScope scope, LimitKind kind) {
        return entries.addObject().put("scope", scope.label()).put("kind", kind.label());
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    private static BigDecimal whole(long count) {
        return BigDecimal.valueOf(count);
    }

    private static BigDecimal minutes(long millis) {
        return plain(BigDecimal.valueOf(millis)
                .divide(BigDecimal.valueOf(MILLIS_PER_MINUTE), MINUTE_DIGITS, RoundingMode.HALF_UP));
    }

    private static BigDecimal usd(long micro) {
        return plain(BigDecimal.valueOf(micro, MICRO_DIGITS));
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** The JSON object. */
    public String text() {
        return StrictJson.write(json);
    }
}
