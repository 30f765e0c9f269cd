package dev.livebridge.limits;

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
 * What a caller has used and has left, as JSON: {@code rule}; {@code resetsInMs}, until the sums of the day begin anew;
 * {@code conversation}, the limits of one conversation; and {@code limits}, one entry for each group of conversations
 * that are counted together, with {@code scope} and for each kind {@code used}, {@code limit} and {@code left}. A kind
 * without a limit is absent.
 */
public final class CallerUsage {

    private static final int MILLIS_PER_MINUTE = 60_000;
    private static final int MICRO_DIGITS = 6;
    private static final int MINUTE_DIGITS = 1;

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    private CallerUsage() {}

    static CallerUsage of(Rule rule, List<Bucket> buckets, List<BucketUsage> used, Duration untilTomorrow) {
        CallerUsage usage = new CallerUsage();
        usage.json.put("rule", rule.name());
        usage.json.put("resetsInMs", untilTomorrow.toMillis());
        ObjectNode conversation = usage.json.putObject("conversation");
        UsageLimit own = rule.limits().conversation();
        Duration longest = rule.permissions().maxDuration();
        if (own.time() != null || longest != null) {
            conversation.put("minutes", minutes(least(own.time(), longest)));
        }
        if (own.tokens() != null) {
            conversation.put("tokens", own.tokens());
        }
        if (own.microUsd() != null) {
            conversation.put("usd", usd(own.microUsd()));
        }
        var limits = usage.json.putArray("limits");
        for (int i = 0; i < buckets.size(); i++) {
            ObjectNode entry = limits.addObject();
            entry.put("scope", buckets.get(i).scope().label());
            put(entry, buckets.get(i).limits(), used.get(i));
        }
        return usage;
    }

    private static long least(@Nullable Duration one, @Nullable Duration other) {
        long first = one == null ? Long.MAX_VALUE : one.toMillis();
        return other == null ? first : Math.min(first, other.toMillis());
    }

    private static void put(ObjectNode entry, Limits limits, BucketUsage used) {
        if (limits.conversations() != null) {
            put(
                    entry,
                    "conversations",
                    BigDecimal.valueOf(used.conversations()),
                    BigDecimal.valueOf(limits.conversations()));
        }
        if (limits.startsPerMinute() != null) {
            put(
                    entry,
                    "startsPerMinute",
                    BigDecimal.valueOf(used.starts()),
                    BigDecimal.valueOf(limits.startsPerMinute()));
        }
        UsageTotals today = used.today();
        UsageLimit day = limits.perDay();
        if (day.time() != null) {
            put(
                    entry,
                    "minutesPerDay",
                    minutes(today.millis()),
                    minutes(day.time().toMillis()));
        }
        if (day.tokens() != null) {
            put(entry, "tokensPerDay", BigDecimal.valueOf(today.tokens()), BigDecimal.valueOf(day.tokens()));
        }
        if (day.microUsd() != null) {
            put(entry, "usdPerDay", usd(today.microUsd()), usd(day.microUsd()));
        }
    }

    private static void put(ObjectNode entry, String kind, BigDecimal used, BigDecimal limit) {
        entry.putObject(kind)
                .put("used", used)
                .put("limit", limit)
                .put("left", limit.subtract(used).max(BigDecimal.ZERO));
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
