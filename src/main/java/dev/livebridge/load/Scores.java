package dev.livebridge.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts and times of all talkers during one step. Thread-safe. */
final class Scores {

    /** Longer times are recorded as this. */
    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Reasons contain text of the service; more different ones are counted together. */
    private static final int MAX_REASONS = 20;

    private static final String OTHER_REASONS = "other reasons";

    private final Map<String, LongAdder> losses = new ConcurrentHashMap<>();
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Map<Timing, ConcurrentHistogram> timings = new EnumMap<>(Timing.class);

    /** Things that happen. */
    enum Count {
        /** Conversations that began. */
        CONVERSATIONS("conversations begun", false),
        /** Attempts to connect that failed; each is followed by another. */
        CONNECT_FAILURES("failed attempts to connect", false),
        /** Failed attempts that were answered with a 5xx: full, draining, or no instance behind a proxy. */
        UPGRADES_REFUSED("of these answered with 5xx", false),
        /** Conversations that neither side ended on purpose, and that could not be resumed. */
        CONVERSATIONS_LOST("conversations lost", true),
        /** Connections that were replaced within a conversation. */
        RECONNECTED("connections replaced", false),
        /** Replaced connections whose model knows the conversation from a transcript only. */
        REBUILT("memories rebuilt", false),
        /** Chunks sent. */
        CHUNKS_SENT("chunks sent", false),
        /** Chunks received. */
        CHUNKS_HEARD("chunks heard", false),
        /** Turns spoken to the end. */
        TURNS("turns spoken", false),
        /** Complete answers that hold the whole speech. */
        ANSWERS_WHOLE("answers whole", false),
        /** Answers interrupted by the talker. */
        ANSWERS_INTERRUPTED("answers interrupted", false),
        /** Answers that are incomplete or do not hold the whole speech in order. */
        ANSWERS_CUT("answers cut", true),
        /** Turns without an answer. */
        UNANSWERED("turns unanswered", true),
        /** Turns during which the connection changed, so that no answer could be complete. */
        TURNS_SPLIT("turns split by a reconnect", false),
        /** Echoes that came back in order. */
        ECHOES("chunks returned", false),
        /** Echoes that never came. */
        ECHOES_LOST("chunks lost", true),
        /** Echoes that arrived after a later one. */
        ECHOES_OVERTAKEN("chunks out of order", true),
        /** Echoes that came twice. */
        ECHOES_DOUBLED("chunks doubled", true),
        /** Echoes that differ from what was sent. */
        ECHOES_CORRUPT("chunks corrupt", true),
        /** Errors that the service reported. */
        PROBLEMS("errors told by the service", false);

        private final String words;
        private final boolean fault;

        Count(String words, boolean fault) {
            this.words = words;
            this.fault = fault;
        }

        /** For people. */
        String words() {
            return words;
        }

        /** Whether it should never happen. */
        boolean isFault() {
            return fault;
        }
    }

    /** Things that take time. */
    enum Timing {
        /** From the time a chunk was due to its echo. */
        ECHO("echo of a chunk"),
        /** From the end of the speech to the first audio of the answer. */
        ANSWER("end of speech to first sound"),
        /** From the start of an interruption to the message that the model stopped. */
        INTERRUPTION("interruption to silence"),
        /** From connecting to the readiness of a new conversation. */
        SETUP("connecting to ready"),
        /** Time without a ready connection, when one replaced another. */
        GAP("gap of a reconnect"),
        /** Silence inside an answer: the next chunk came after the previous one had been played. */
        STALL("stall inside an answer"),
        /** How late chunks were sent by this program itself; when it is large, the other figures say little. */
        LATENESS("lateness of the generator");

        private final String words;

        Timing(String words) {
            this.words = words;
        }

        /** For people. */
        String words() {
            return words;
        }
    }

    Scores() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
        for (Timing timing : Timing.values()) {
            timings.put(timing, new ConcurrentHistogram(MAX_NANOS, 3));
        }
    }

    void count(Count count) {
        add(count, 1);
    }

    void add(Count count, long many) {
        Objects.requireNonNull(counts.get(count)).add(many);
    }

    /** A conversation was lost. */
    void conversationLost(String why) {
        count(Count.CONVERSATIONS_LOST);
        addLosses(why, 1);
    }

    private void addLosses(String why, long many) {
        boolean known = losses.containsKey(why) || losses.size() < MAX_REASONS;
        losses.computeIfAbsent(known ? why : OTHER_REASONS, _ -> new LongAdder())
                .add(many);
    }

    /** How many conversations were lost for which reason. */
    SortedMap<String, Long> losses() {
        SortedMap<String, Long> all = new TreeMap<>();
        losses.forEach((why, many) -> all.put(why, many.sum()));
        return all;
    }

    void time(Timing timing, long nanos) {
        Objects.requireNonNull(timings.get(timing)).recordValue(Math.clamp(nanos, 0, MAX_NANOS));
    }

    long of(Count count) {
        return Objects.requireNonNull(counts.get(count)).sum();
    }

    Histogram of(Timing timing) {
        return Objects.requireNonNull(timings.get(timing));
    }

    /** Whether anything happened that should never happen. */
    boolean hasFaults() {
        return counts.entrySet().stream()
                .anyMatch(entry -> entry.getKey().isFault() && entry.getValue().sum() > 0);
    }

    /** Adds everything of another step. */
    void addAll(Scores other) {
        other.counts.forEach((count, many) -> add(count, many.sum()));
        other.losses.forEach((why, many) -> addLosses(why, many.sum()));
        other.timings.forEach((timing, histogram) ->
                Objects.requireNonNull(timings.get(timing)).add(histogram));
    }
}
