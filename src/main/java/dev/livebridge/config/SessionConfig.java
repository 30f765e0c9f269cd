package dev.livebridge.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Limits of a session; every queue is bounded in bytes. */
public interface SessionConfig {

    /** Most sessions of one instance; further clients get 503. */
    @WithDefault("1000")
    int maxPerInstance();

    /**
     * Most sockets without a setup, not counting sessions with one. Not set: a fifth of {@code max-per-instance}, at
     * least 50. If all are taken, the service closes the oldest one that has waited for two seconds.
     */
    Optional<Integer> maxAwaitingSetup();

    /** Largest message of a client, in bytes; beyond it the service closes with 1009. */
    @WithDefault("1048576")
    int maxMessageBytes();

    /** Largest first message, in bytes: a setup with its tools, or a resume token, which has up to 66 KiB. */
    @WithDefault("73728")
    int setupMaxBytes();

    /** Time a client has for its first message. */
    @WithDefault("10s")
    Duration setupTimeout();

    /**
     * WebSocket frames of one client per second, of any kind, with a burst of ten seconds' worth. A client that exceeds
     * the rate gets an error, and the session ends with {@code rate_limit} if the client continues.
     */
    @WithDefault("500")
    int framesPerSecond();

    /** Bytes of one client per second; otherwise like {@code frames-per-second}. */
    @WithDefault("2097152")
    long bytesPerSecond();

    /** Bytes that a client may send at once above {@code bytes-per-second}. */
    @WithDefault("16777216")
    long bytesBurst();

    /**
     * Pictures per second that reach the model; the service keeps the newest and drops the others. Gemini uses one per
     * second and bills the rest.
     */
    @WithDefault("1")
    double picturesPerSecond();

    /**
     * Time between two pings to a client; they keep proxies from closing an idle connection. A client that sends
     * nothing for three intervals, not even a pong, counts as lost.
     */
    @WithDefault("15s")
    Duration pingInterval();

    /**
     * Time without activity (speech, text, tool call, output of the model) after which a session ends. Silence is not
     * activity.
     */
    @WithDefault("10m")
    Duration idleTimeout();

    /** Longest duration of a session. */
    @WithDefault("2h")
    Duration maxDuration();

    /**
     * The thread that writes messages. {@code event-loop}: the event loop of the socket, and a virtual thread where
     * something must be waited for; {@code default}: always the virtual thread.
     */
    @WithDefault("event-loop")
    Carrier carrier();

    /** Time that a session waits for its client after the connection broke; only for clients with a resume token. */
    @WithDefault("15s")
    Duration resumeGrace();

    /** Time between the warning and the end of a session that ends by idleness or duration. */
    @WithDefault("30s")
    Duration warningTime();

    /** Bytes that may wait for the model, per session; beyond it the service drops the oldest media. */
    @WithDefault("262144")
    int queueBytesUp();

    /**
     * Time after which a session ends with {@code client_stalled} if its client takes no bytes while more than a second
     * of speech waits.
     */
    @WithDefault("10s")
    Duration stallTimeout();

    /** Bytes that may wait for the client, per session; beyond it the session ends with {@code slow_consumer}. */
    @WithDefault("8388608")
    int queueBytesDown();

    /**
     * Memory of one session in bytes, of all kinds; beyond it the session ends with {@code memory_limit} or
     * {@code slow_consumer}.
     */
    @WithDefault("25165824")
    long memoryPerSession();

    /**
     * Memory of all sessions together in bytes; beyond it the session that uses most ends. Not set: derived at the
     * start from the heap and the direct memory, and logged.
     */
    Optional<Long> memoryPerInstance();

    /** The thread that writes messages to a socket. */
    enum Carrier {
        /** The event loop of the socket, and a virtual thread where something must be waited for. */
        EVENT_LOOP,
        /** A virtual thread on the default scheduler. */
        DEFAULT
    }
}
