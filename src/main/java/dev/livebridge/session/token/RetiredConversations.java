package dev.livebridge.session.token;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records sessions that have ended here, for the lifetime of a token: which token was used last, whether the session
 * may continue, and on which instance it does. Bounded; the oldest records are dropped first.
 */
public final class RetiredConversations {

    private static final int MAX_REMEMBERED = 100_000;

    /**
     * A session that has ended here.
     *
     * @param usedSequence tokens below this one are retired
     * @param confirmed whether the token {@code usedSequence} is retired too, because its client has received a newer
     *     one
     * @param forGood whether the session may not continue
     * @param movedTo the instance on which it continues, {@code null} when that is not known
     * @param atNanos when it ended here
     */
    public record Retired(
            long usedSequence,
            boolean confirmed,
            boolean forGood,
            @Nullable URI movedTo,
            long atNanos) {}

    private final long memoryNanos;
    private final Map<String, Retired> retired = new LinkedHashMap<>();

    /**
     * No records.
     *
     * @param memory how long a record is kept: the lifetime of a token
     */
    public RetiredConversations(Duration memory) {
        memoryNanos = memory.toNanos();
    }

    /** A session has ended here. */
    public synchronized void add(String sessionId, Retired how) {
        retired.remove(sessionId);
        retired.put(sessionId, how);
        Iterator<Retired> oldest = retired.values().iterator();
        boolean more = true;
        while (more && oldest.hasNext()) {
            boolean old = how.atNanos() - oldest.next().atNanos() > memoryNanos;
            more = old || retired.size() > MAX_REMEMBERED;
            if (more) {
                oldest.remove();
            }
        }
    }

    /**
     * Replaces the record of a session, unless it has changed.
     *
     * @param before the record that is replaced
     * @return the record so far: {@code before}, or the one that has replaced it meanwhile
     */
    public synchronized Retired replace(String sessionId, Retired before, Retired next) {
        Retired current = retired.get(sessionId);
        if (current == null) {
            // Its session is ending at this moment, and is not recorded yet.
            return before;
        }
        if (current.equals(before)) {
            add(sessionId, next);
        }
        return current;
    }

    /** The record of a session, {@code null} without one. */
    public synchronized @Nullable Retired find(String sessionId) {
        return retired.get(sessionId);
    }

    /** The session continues here. */
    public synchronized void forget(String sessionId) {
        retired.remove(sessionId);
    }
}
