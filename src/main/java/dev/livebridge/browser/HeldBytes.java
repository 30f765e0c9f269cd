package dev.livebridge.browser;

import dev.livebridge.session.LiveSession;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Part;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Memory that one client's socket uses, charged to the account of its session: frames that are not decoded yet, and
 * pongs that the client does not read. In bytes of payload, without the overhead of buffers. Thread-safe.
 */
final class HeldBytes {

    private final Map<Part, Long> counted = new EnumMap<>(Part.class);
    private @Nullable SessionAccount account;
    private long arriving;
    private long waiting;
    private long unreadPongs;

    /** Charges this session's account from now on. */
    synchronized void countFor(LiveSession session) {
        SessionAccount next = session.account();
        if (next.equals(account)) {
            return;
        }
        for (Part part : counted.keySet()) {
            count(part, 0);
        }
        account = next;
        count();
    }

    /**
     * The number of bytes that wait to be decoded has changed.
     *
     * @param delta bytes; negative when they no longer wait
     */
    synchronized void addWaiting(long delta) {
        waiting += delta;
        count();
    }

    /**
     * The guard reports its current values.
     *
     * @param inbound bytes received of an incomplete message
     * @param outbound bytes of pongs that the client has not read
     */
    synchronized void onHeld(long inbound, long outbound) {
        arriving = inbound;
        unreadPongs = outbound;
        count();
    }

    private void count() {
        count(Part.INBOUND, arriving + waiting);
        count(Part.OUTBOUND, unreadPongs);
    }

    private void count(Part part, long bytes) {
        SessionAccount payer = account;
        long before = counted.getOrDefault(part, 0L);
        if (payer == null || bytes == before) {
            return;
        }
        if (bytes < before) {
            payer.subtract(part, before - bytes);
            counted.put(part, bytes);
        } else if (payer.add(part, bytes - before)) {
            counted.put(part, bytes);
        }
    }
}
