package dev.livebridge.browser;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.session.TokenBucket;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many sockets each address has open and how many it has opened lately. An IPv6 address counts with its /64, the
 * smallest block that a single network is given. Thread-safe.
 */
@Singleton
class AddressLimits {

    /** Burst in seconds of the sustained rate: after an outage all tabs of an office reconnect at once. */
    private static final int BURST_SECONDS = 10;

    /** Above this number, entries without an open socket are evicted, least recently used first. */
    static final int MOST_ADDRESSES = 20_000;

    private final int maxSockets;
    private final double perSecond;
    private final LongSupplier clock;
    /** In the order of the last socket opened. */
    private final Map<String, Usage> addresses = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Usage {
        private int open;
        private @Nullable TokenBucket opened;
    }

    /** Whether one more socket is allowed. */
    enum Verdict {
        /** It is, and it counts until {@link #closed}. */
        ALLOWED,
        /** The address has too many sockets open. */
        TOO_MANY_OPEN,
        /** The address opens sockets too fast. */
        TOO_FAST
    }

    /** The limits of the configuration. */
    @Inject
    AddressLimits(LivebridgeConfig config) {
        this(config.perAddress().maxSockets(), config.perAddress().socketsPerSecond(), System::nanoTime);
    }

    /**
     * Limits on a clock.
     *
     * @param maxSockets open from one address; 0 is no limit
     * @param perSecond opened by one address in the long run; 0 is no limit
     * @param clock {@link System#nanoTime()}
     */
    AddressLimits(int maxSockets, double perSecond, LongSupplier clock) {
        if (maxSockets < 0 || !(perSecond >= 0)) {
            throw new IllegalArgumentException("livebridge.per-address: a limit must not be negative; 0 is no limit");
        }
        this.maxSockets = maxSockets;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Asks for one more socket. */
    synchronized Verdict open(String block) {
        if (maxSockets == 0 && perSecond == 0) {
            return Verdict.ALLOWED;
        }
        long now = clock.getAsLong();
        Usage usage = addresses.get(block);
        if (usage == null) {
            forget(now);
            usage = new Usage();
            addresses.put(block, usage);
        }
        if (maxSockets > 0 && usage.open >= maxSockets) {
            return Verdict.TOO_MANY_OPEN;
        }
        if (perSecond > 0) {
            if (usage.opened == null) {
                usage.opened = new TokenBucket(perSecond, Math.max(1, perSecond * BURST_SECONDS), now);
            }
            if (!usage.opened.tryTake(now)) {
                return Verdict.TOO_FAST;
            }
        }
        usage.open++;
        return Verdict.ALLOWED;
    }

    /** What {@link #open} would answer now, without opening a socket. */
    synchronized Verdict forecast(String block) {
        Usage usage = addresses.get(block);
        if (usage == null) {
            return Verdict.ALLOWED;
        }
        if (maxSockets > 0 && usage.open >= maxSockets) {
            return Verdict.TOO_MANY_OPEN;
        }
        return usage.opened == null || usage.opened.nanosToNext(clock.getAsLong()) == 0
                ? Verdict.ALLOWED
                : Verdict.TOO_FAST;
    }

    /** A socket that was allowed is closed. */
    synchronized void closed(String block) {
        Usage usage = addresses.get(block);
        if (usage != null) {
            usage.open--;
            if (usage.open == 0 && perSecond == 0) {
                addresses.remove(block);
            }
        }
    }

    /** Addresses that are remembered. */
    synchronized int size() {
        return addresses.size();
    }

    /**
     * Evicts entries to make room for one more. Entries with open sockets stay; the session limit bounds their number.
     */
    private void forget(long now) {
        Iterator<Usage> oldest = addresses.values().iterator();
        while (oldest.hasNext()) {
            Usage usage = oldest.next();
            boolean idle = usage.open == 0 && (usage.opened == null || usage.opened.isFull(now));
            boolean tooMany = addresses.size() >= MOST_ADDRESSES && usage.open == 0;
            if (idle || tooMany) {
                oldest.remove();
            } else if (addresses.size() < MOST_ADDRESSES) {
                return;
            }
        }
    }
}
