package dev.livebridge.limits;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The ids of the tickets that this instance has redeemed. Bounded: above {@link #MAX_IDS} tickets are refused until
 * some expire.
 *
 * <p>Safe for use by many threads.
 */
final class RedeemedIds {

    /** About 30 MB. */
    static final int MAX_IDS = 200_000;

    private final InstantSource clock;
    /** The expiry of each id, in the order of redemption. */
    private final Map<String, Instant> ids = new LinkedHashMap<>();

    RedeemedIds(InstantSource clock) {
        this.clock = clock;
    }

    /** As {@link LimitStore#redeem}; the stage is complete. */
    synchronized CompletionStage<Boolean> redeem(String id, Duration kept) {
        Instant now = clock.instant();
        Iterator<Instant> oldest = ids.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next())) {
            oldest.remove();
        }
        if (ids.containsKey(id)) {
            return CompletableFuture.completedStage(false);
        }
        if (ids.size() >= MAX_IDS) {
            return CompletableFuture.failedStage(
                    new StoreUnavailableException(new IllegalStateException("too many redeemed tickets")));
        }
        ids.put(id, now.plus(kept));
        return CompletableFuture.completedStage(true);
    }
}
