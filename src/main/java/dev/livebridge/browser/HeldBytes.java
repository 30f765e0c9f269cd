package dev.livebridge.browser;

import dev.livebridge.session.LiveSession;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Part;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client's socket keeps, in bytes of messages without the slack of their buffers, on the account of the
 * session that it serves: frames that have not been read, and answers to pings that the client does not take.
 * Thread-safe.
 */
final class HeldBytes {

    private final Map<Part, Long> counted = new EnumMap<>(Part.class);
    private @Nullable SessionAccount account;
    private long arriving;
    private long waiting;
    private long unreadPongs;

    /** The socket serves this session from now on. */
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

    /** More messages wait to be read, or fewer. */
    synchronized void addWaiting(long delta) {
        waiting += delta;
        count();
    }

    /**
     * The guard has looked.
     *
     * @param inbound bytes of the message that is not complete
     * @param outbound bytes of the answers that are not read
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
