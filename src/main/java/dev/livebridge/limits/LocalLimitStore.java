package dev.livebridge.limits;

import dev.livebridge.access.rules.Limits;
import dev.livebridge.message.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Counts on this instance alone. Every stage is complete when it is returned.
 *
 * <p>Bounded: a bucket without a conversation is forgotten when it says nothing any more, and the least recently used
 * one before that when there are {@link #MAX_BUCKETS}.
 */
final class LocalLimitStore implements LimitStore {

    /** Buckets that are remembered; about 20 MB. */
    static final int MAX_BUCKETS = 100_000;

    /** Ephemeral tokens whose uses are remembered; about 20 MB. */
    static final int MAX_TOKENS = 100_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final RedeemedIds redeemed;
    private final Map<String, TokenCount> tokens = new HashMap<>();
    private final Map<String, Counts> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** The uses of one ephemeral token. */
    private static final class TokenCount {
        private final Instant until;
        private int used;

        TokenCount(Instant until) {
            this.until = until;
        }
    }

    /** What is known of one bucket. */
    private static final class Counts {
        /** Holders by conversation. */
        private final Map<String, String> leases = new HashMap<>();

        private final Deque<Instant> starts = new ArrayDeque<>();
        private LocalDate day;
        private UsageTotals today = UsageTotals.NONE;

        Counts(LocalDate day) {
            this.day = day;
        }

        Counts at(Instant now) {
            LocalDate current = day(now);
            if (!current.equals(day)) {
                day = current;
                today = UsageTotals.NONE;
            }
            while (!starts.isEmpty() && !starts.getFirst().plus(MINUTE).isAfter(now)) {
                starts.removeFirst();
            }
            return this;
        }

        boolean isEmpty() {
            return leases.isEmpty() && starts.isEmpty() && today.equals(UsageTotals.NONE);
        }
    }

    LocalLimitStore(InstantSource clock) {
        this.clock = clock;
        this.redeemed = new RedeemedIds(clock);
    }

    @Override
    public synchronized CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> asked) {
        Instant now = clock.instant();
        for (Bucket bucket : asked) {
            Denial denial = denial(lease, reason, bucket, counts(bucket, now), now);
            if (denial != null) {
                return CompletableFuture.completedStage(new LeaseDecision.Denied(denial));
            }
        }
        List<UsageTotals> today = new ArrayList<>();
        for (Bucket bucket : asked) {
            Counts counts = counts(bucket, now);
            counts.leases.put(lease.conversation(), lease.holder());
            if (reason == AcquireReason.START && bucket.limits().startsPerMinute() != null) {
                counts.starts.addLast(now);
            }
            today.add(counts.today);
        }
        return CompletableFuture.completedStage(new LeaseDecision.Granted(today));
    }

    /** Takes a lease that another store has granted: the limits are not checked, and no start is counted. */
    synchronized void hold(Lease lease, List<Bucket> granted) {
        Instant now = clock.instant();
        for (Bucket bucket : granted) {
            counts(bucket, now).leases.put(lease.conversation(), lease.holder());
        }
    }

    private static @Nullable Denial denial(
            Lease lease, AcquireReason reason, Bucket bucket, Counts counts, Instant now) {
        Limits limits = bucket.limits();
        Integer most = limits.conversations();
        if (most != null && counts.leases.size() >= most && !counts.leases.containsKey(lease.conversation())) {
            return new Denial(bucket.scope(), LimitKind.CONVERSATIONS, null);
        }
        if (reason == AcquireReason.RESUME) {
            return null;
        }
        Integer starts = limits.startsPerMinute();
        if (starts != null && counts.starts.size() >= starts) {
            Instant oldest = counts.starts.peekFirst();
            Duration wait = oldest == null ? MINUTE : Duration.between(now, oldest.plus(MINUTE));
            return new Denial(bucket.scope(), LimitKind.STARTS, wait);
        }
        LimitKind used = LimitKind.exhausted(limits.perDay(), counts.today);
        return used == null ? null : new Denial(bucket.scope(), used, untilTomorrow(now));
    }

    @Override
    public synchronized CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> asked, UsageTotals more) {
        Instant now = clock.instant();
        List<UsageTotals> today = new ArrayList<>();
        for (Bucket bucket : asked) {
            Counts counts = counts(bucket, now);
            counts.leases.putIfAbsent(lease.conversation(), lease.holder());
            counts.today = counts.today.plus(more);
            today.add(counts.today);
        }
        return CompletableFuture.completedStage(today);
    }

    /** Another instance counts on its own, so a lease is given back in either case. */
    @Override
    public synchronized CompletionStage<Void> release(
            Lease lease, ReleaseReason reason, List<Bucket> asked, UsageTotals more) {
        Instant now = clock.instant();
        for (Bucket bucket : asked) {
            Counts counts = counts(bucket, now);
            counts.leases.remove(lease.conversation(), lease.holder());
            counts.today = counts.today.plus(more);
            if (counts.isEmpty()) {
                buckets.remove(bucket.key());
            }
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized CompletionStage<List<BucketUsage>> usage(List<Bucket> asked) {
        Instant now = clock.instant();
        List<BucketUsage> usages = new ArrayList<>();
        for (Bucket bucket : asked) {
            Counts known = buckets.get(bucket.key());
            usages.add(
                    known == null
                            ? new BucketUsage(0, 0, UsageTotals.NONE)
                            : new BucketUsage(
                                    known.leases.size(), known.at(now).starts.size(), known.today));
        }
        return CompletableFuture.completedStage(usages);
    }

    @Override
    public CompletionStage<Boolean> redeem(String id, Duration kept) {
        return redeemed.redeem(id, kept);
    }

    /** Fails while too many tokens are remembered: an unknown one might have been used up. */
    @Override
    public synchronized CompletionStage<Boolean> use(String token, int uses, Duration kept) {
        Instant now = clock.instant();
        TokenCount count = tokens.get(token);
        if (count == null) {
            if (tokens.size() >= MAX_TOKENS) {
                tokens.values().removeIf(other -> !now.isBefore(other.until));
            }
            if (tokens.size() >= MAX_TOKENS) {
                return CompletableFuture.failedStage(
                        new StoreUnavailableException(new IllegalStateException("too many ephemeral tokens")));
            }
            count = new TokenCount(now.plus(kept));
            tokens.put(token, count);
        }
        if (count.used >= uses) {
            return CompletableFuture.completedStage(false);
        }
        count.used++;
        return CompletableFuture.completedStage(true);
    }

    /** Buckets that are remembered. */
    synchronized int size() {
        return buckets.size();
    }

    private Counts counts(Bucket bucket, Instant now) {
        Counts known = buckets.get(bucket.key());
        if (known == null) {
            forget(now);
            known = new Counts(day(now));
            buckets.put(bucket.key(), known);
        }
        return known.at(now);
    }

    /** Makes room for one more bucket; those with conversations are as many as there are conversations at most. */
    private void forget(Instant now) {
        Iterator<Counts> oldest = buckets.values().iterator();
        while (oldest.hasNext()) {
            Counts counts = oldest.next().at(now);
            boolean tooMany = buckets.size() >= MAX_BUCKETS && counts.leases.isEmpty();
            if (counts.isEmpty() || tooMany) {
                oldest.remove();
            } else if (buckets.size() < MAX_BUCKETS) {
                return;
            }
        }
    }

    static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    /** Time until the counters are reset. */
    static Duration untilTomorrow(Instant now) {
        return Duration.between(
                now, day(now).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
