package dev.livebridge.session.token;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers conversations that were held here for as long as a token of theirs can be good: which token was used last,
 * whether they may go on, and where they went. Bounded; the oldest are forgotten first.
 */
public final class RetiredConversations {

    private static final int MAX_REMEMBERED = 100_000;

    /**
     * A conversation that is no longer held here.
     *
     * @param usedSequence tokens below this one are retired
     * @param confirmed whether this one is retired too, because its client has received a newer one
     * @param forGood whether it is over, not gone elsewhere
     * @param movedTo who took it over, {@code null} when nobody did or nobody knows
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
     * Nothing to remember yet.
     *
     * @param memory a token's lifetime
     */
    public RetiredConversations(Duration memory) {
        memoryNanos = memory.toNanos();
    }

    /** A conversation is no longer held here. */
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

    /** What is remembered of a conversation, {@code null} when nothing. */
    public synchronized @Nullable Retired find(String sessionId) {
        return retired.get(sessionId);
    }

    /** It is held here again. */
    public synchronized void forget(String sessionId) {
        retired.remove(sessionId);
    }
}
