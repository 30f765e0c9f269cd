package dev.livebridge.browser;

import dev.livebridge.session.LiveSession;
import dev.livebridge.session.SessionAccount;
import dev.livebridge.session.SessionAccount.Part;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client's socket keeps, on the account of the session that it serves: frames that have not been read, and
 * answers to pings that the client does not take. Thread-safe.
 */
final class HeldBytes {

    /**
     * An unfinished message is kept twice at most: in the segments in which it arrives and in the buffer that joins
     * them, which doubles when it is full.
     */
    private static final int ARRIVING_COPIES = 2;

    /** A message that waits is text already, and of one byte a character when it is JSON of a machine. */
    private static final int WAITING_COPIES = 1;

    private final Map<Part, Long> counted = new EnumMap<>(Part.class);
    private @Nullable SessionAccount account;
    private long arriving;
    private long waiting;
    private long unread;

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
    synchronized void waits(long delta) {
        waiting += delta;
        count();
    }

    /**
     * The guard has looked.
     *
     * @param inbound bytes of the message that is not complete
     * @param outbound bytes of the answers that are not read
     */
    synchronized void holds(long inbound, long outbound) {
        arriving = inbound;
        unread = outbound;
        count();
    }

    private void count() {
        count(Part.INBOUND, arriving * ARRIVING_COPIES + waiting * WAITING_COPIES);
        count(Part.OUTBOUND, unread);
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
