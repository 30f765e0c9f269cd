package dev.livebridge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything an operator can set. */
@ConfigMapping(prefix = "livebridge")
public interface LivebridgeConfig {

    /** Who answers: the model behind the gateway. */
    Upstream upstream();

    /** How Gemini is reached. */
    Gemini gemini();

    /** Limits of a session. */
    Session session();

    /** Who may connect. */
    Browser browser();

    /**
     * What a model's tokens cost, by its id without {@code models/}; a model without prices costs nothing in the
     * estimate.
     */
    Map<String, Price> prices();

    /** Which model answers, and how long it may take to pick up. */
    interface Upstream {

        /**
         * {@code simulator} or {@code gemini}. Without it: {@code gemini} when a key is set, else the simulator in dev
         * and test; in prod the start is refused.
         */
        Optional<Backend> backend();

        /** Time limit for the TCP, TLS and WebSocket handshake with the model. */
        @WithDefault("5s")
        Duration connectTimeout();

        /** Time limit from the setup frame to {@code setupComplete}. */
        @WithDefault("10s")
        Duration setupTimeout();
    }

    /** What can stand upstream. */
    enum Backend {
        SIMULATOR,
        GEMINI
    }

    /** How Gemini is reached. */
    interface Gemini {

        /** Scheme and authority of the service, optionally with a path prefix. */
        @WithDefault("https://generativelanguage.googleapis.com")
        URI baseUri();

        /** Version in the wire's path. */
        @WithDefault("v1beta")
        String apiVersion();

        /** Model for clients that name none, or a retired one; without {@code models/}. */
        @WithDefault("gemini-3.8-live")
        String model();

        /** API key. {@code GEMINI_API_KEY} and {@code GOOGLE_API_KEY} are read too. */
        Optional<String> apiKey();
    }

    /** Limits of a session; every queue is bounded in bytes. */
    interface Session {

        /** Sessions this process holds at most; more are answered 503. */
        @WithDefault("1000")
        int maxPerPod();

        /** Largest message a client may send, in bytes; beyond it the socket is closed with 1009. */
        @WithDefault("1048576")
        int maxMessageBytes();

        /** Time a client has for its first message. */
        @WithDefault("10s")
        Duration setupTimeout();

        /** Time without speech, text, tool or model event after which a session ends. Silence is not activity. */
        @WithDefault("10m")
        Duration idleTimeout();

        /** Longest life of a session. */
        @WithDefault("2h")
        Duration maxDuration();

        /** Bytes that may wait toward the model; beyond it the oldest media goes. */
        @WithDefault("262144")
        int queueBytesUp();

        /** Bytes that may wait toward the client; beyond it the session ends with {@code slow_consumer}. */
        @WithDefault("8388608")
        int queueBytesDown();

        /** Bytes that may wait in all queues together; beyond it the session with the largest queue ends. */
        @WithDefault("268435456")
        long queueBytesPerPod();
    }

    /** Who may connect. */
    interface Browser {

        /**
         * Origins that browsers may come from besides the service's own: exact {@code scheme://host[:port]}, or
         * {@code *} for all. Dev and test also allow loopback with any port.
         */
        @WithName("allowed-origins")
        Optional<List<String>> allowedOrigins();

        /**
         * Whether pages served from loopback (any port) may connect; on in dev and test, for pages that a local file
         * server delivers.
         */
        @WithDefault("false")
        boolean allowLoopbackOrigins();
    }

    /** Prices of a model in US dollars per million tokens. */
    interface Price {

        /** What the user types, history and documents. */
        double inputText();

        /** What the user says. */
        double inputAudio();

        /** Pictures and video. */
        double inputImage();

        /** Text, transcripts and thoughts. */
        double outputText();

        /** Speech. */
        double outputAudio();
    }
}
