package dev.livebridge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything an operator can set. */
@ConfigMapping(prefix = "livebridge")
public interface LivebridgeConfig {

    /** Who answers: the model behind the gateway. */
    Upstream upstream();

    /** Address, credentials and default model of Gemini. */
    Gemini gemini();

    /** Limits of a session. */
    Session session();

    /** Who may connect. */
    Browser browser();

    /** Who may talk. */
    Access access();

    /** Limits of callers across instances. */
    Limits limits();

    /** What a client may ask of the operator's account; {@code docs/policy.md} says why. */
    Policy policy();

    /** Clients that speak Gemini's own wire. */
    GeminiClients geminiClients();

    /** Limits that need no identity: what one address may do. */
    PerAddress perAddress();

    /** Resume tokens: how a client resumes its conversation. */
    Resumption resumption();

    /** This instance, as the other instances reach it. */
    Instance instance();

    /** How an instance drains before it stops. */
    Drain drain();

    /** The management port. */
    Management management();

    /**
     * What a model's tokens cost, by its id without {@code models/}; a model without prices costs nothing in the
     * estimate.
     */
    Map<String, Price> prices();

    /** What this version does not know, or knows wrongly, of a model, by its id without {@code models/}. */
    Map<String, Model> models();

    /** The backend, and the time limits of the connection to it. */
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

        /**
         * Age at which a connection to the model is renewed in the next pause of the talk; up to a tenth less, at
         * random, so that connections that begin together are not renewed together. When not set, 9 minutes, since
         * Gemini ends a connection at about ten, and 55 minutes for models that are known to keep one for an hour.
         */
        Optional<Duration> maxConnectionAge();

        /** Time after which a connection to the model that takes nothing any more counts as lost. */
        @WithDefault("10s")
        Duration stallTimeout();

        /**
         * Time after which a connection to the model counts as lost on which nothing was heard, not even the answer to
         * a ping; Gemini's may take half a minute. Only for models that have answered one.
         */
        @WithDefault("90s")
        Duration silenceTimeout();

        /**
         * Proxy on the way to Gemini, for conversations and for the check of key and model:
         * {@code http://[user:password@]host[:port]}, or {@code none}. Without it {@code HTTPS_PROXY} and
         * {@code NO_PROXY} count.
         */
        Optional<String> proxy();

        /**
         * Name of the TLS configuration ({@code quarkus.tls.NAME}) that says whose certificates are trusted on the way
         * to Gemini. Without it the default TLS configuration counts where it names certificates to trust, else the
         * Java runtime's.
         */
        Optional<String> tls();

        /** Attempts to reach the model again after a loss, until the session ends with {@code upstream_lost}. */
        @WithDefault("10")
        int reconnectAttempts();
    }

    /** What can stand upstream. */
    enum Backend {
        SIMULATOR,
        GEMINI
    }

    /** Address, credentials and default model of Gemini. */
    interface Gemini {

        /** Scheme and authority of the service, optionally with a path prefix. */
        @WithDefault("https://generativelanguage.googleapis.com")
        URI baseUri();

        /** Version in the wire's path. */
        @WithDefault("v1beta")
        String apiVersion();

        /**
         * Model for clients that name none, or a retired one without a successor; without {@code models/}. Once it is
         * retired itself, its successor answers.
         */
        @WithDefault("gemini-3.8-live")
        String model();

        /** API key. {@code GEMINI_API_KEY} and {@code GOOGLE_API_KEY} are read too. */
        Optional<String> apiKey();

        /**
         * File that holds the API key alone; in place of {@code livebridge.gemini.api-key}. It is read again when it
         * changes: new connections to Gemini use the new key.
         */
        Optional<Path> apiKeyFile();
    }

    /** Limits of a session; every queue is bounded in bytes. */
    interface Session {

        /** Most sessions of one instance; more are answered 503. */
        @WithDefault("1000")
        int maxPerInstance();

        /**
         * Sockets that may be open without a setup, apart from the sessions that have one. Without it a fifth of
         * {@code max-per-instance}, at least 50. When all are taken, the oldest that has waited for two seconds makes
         * room.
         */
        Optional<Integer> maxAwaitingSetup();

        /** Largest message a client may send, in bytes; beyond it the socket is closed with 1009. */
        @WithDefault("1048576")
        int maxMessageBytes();

        /** Largest first message, in bytes: a setup with its tools, or a resume token, which has up to 66 KiB. */
        @WithDefault("73728")
        int setupMaxBytes();

        /** Time a client has for its first message. */
        @WithDefault("10s")
        Duration setupTimeout();

        /**
         * WebSocket frames a second that a client may send in the long run, of any kind; ten seconds' worth may come at
         * once. A client that exceeds it is told, and ended with {@code rate_limit} if it goes on.
         */
        @WithDefault("500")
        int framesPerSecond();

        /** Bytes a second that a client may send in the long run; treated like {@code frames-per-second}. */
        @WithDefault("2097152")
        long bytesPerSecond();

        /** Bytes that a client may send at once above {@code bytes-per-second}. */
        @WithDefault("16777216")
        long bytesBurst();

        /**
         * Pictures a second that reach the model; of more, the newest is kept and the others are dropped. Gemini takes
         * one a second and bills the rest.
         */
        @WithDefault("1")
        double picturesPerSecond();

        /**
         * Time between two pings to a client, which keep proxies from closing an idle connection. A client of which
         * nothing is heard for three of them, not even the answer, counts as lost.
         */
        @WithDefault("15s")
        Duration pingInterval();

        /** Time without speech, text, tool or model event after which a session ends. Silence is not activity. */
        @WithDefault("10m")
        Duration idleTimeout();

        /** Longest life of a session. */
        @WithDefault("2h")
        Duration maxDuration();

        /**
         * Time a conversation waits for its client after their connection broke; only for clients that hold a resume
         * token.
         */
        @WithDefault("15s")
        Duration resumeGrace();

        /** How long before an idle or overlong session ends its client is warned. */
        @WithDefault("30s")
        Duration warningTime();

        /** Bytes that may wait toward the model; beyond it the oldest media goes. */
        @WithDefault("262144")
        int queueBytesUp();

        /** Bytes that may wait toward the client; beyond it the session ends with {@code slow_consumer}. */
        @WithDefault("8388608")
        int queueBytesDown();

        /**
         * Bytes of memory that one session may make the process keep, of all kinds together; beyond it the session ends
         * with {@code memory_limit} or {@code slow_consumer}.
         */
        @WithDefault("25165824")
        long memoryPerSession();

        /**
         * Bytes of memory that all sessions together may make the process keep; beyond it the session that holds most
         * ends. Without it the bound is derived at the start from the heap and the direct memory, and logged.
         */
        Optional<Long> memoryPerInstance();
    }

    /** Who may connect. */
    interface Browser {

        /**
         * Origins that browsers may come from: exact {@code scheme://host[:port]}, or {@code *} for all. With a list
         * the list alone decides; without one the service's own pages may connect. In production {@code *} needs the
         * simulator or a loopback address to listen on.
         */
        @WithName("allowed-origins")
        Optional<List<String>> allowedOrigins();

        /**
         * Hosts under which clients reach the service, as {@code host} (any port) or {@code host:port}; requests that
         * name another host are answered 421. Without a list {@code localhost} and IP addresses are accepted.
         */
        Optional<List<String>> hosts();

        /**
         * Clients that may connect without an {@code Origin} header, which browsers always send and SDKs on servers do
         * not: {@code none}, {@code loopback}, {@code all}, or addresses and networks such as {@code 10.1.0.0/16}. The
         * address is the connection's; a request that a proxy has marked as forwarded only passes with {@code all}.
         * {@code loopback} in dev and test.
         */
        @WithDefault("none")
        List<String> clientsWithoutOrigin();

        /**
         * Whether pages served from loopback (any port) may connect; on in dev and test, for pages that a local file
         * server delivers.
         */
        @WithDefault("false")
        boolean allowLoopbackOrigins();
    }

    /** Who may talk; {@code docs/limits.md} explains the rules. */
    interface Access {

        /**
         * File with the rules that say what callers may do and use, YAML. It is read again when it changes and then
         * holds for new conversations. Without it the default of {@code docs/limits.md} applies.
         */
        Optional<Path> rulesFile();
    }

    /** Where it is counted what callers use. */
    interface Limits {

        /**
         * {@code local}: each instance counts on its own, so the limits hold per instance. {@code redis}: all instances
         * count together, in the Redis of {@code quarkus.redis.hosts}.
         */
        @WithDefault("local")
        LimitStoreKind store();

        /**
         * What becomes of new conversations while Redis can't be reached: {@code refuse-new} refuses them with 503,
         * {@code local} counts them on this instance alone. Running conversations go on either way.
         */
        @WithDefault("refuse-new")
        StoreFailure onStoreFailure();

        /**
         * Time after which a conversation no longer counts in Redis when its instance has died. It is renewed three
         * times as often.
         */
        @WithDefault("30s")
        Duration lease();

        /** Time that Redis has for one answer. */
        @WithDefault("1s")
        Duration storeTimeout();

        /** File that holds the password of Redis. Read at the start. */
        Optional<Path> redisPasswordFile();

        /** Beginning of all names in Redis, for services that share one. */
        @WithDefault("livebridge")
        String redisPrefix();
    }

    /** Where it is counted. */
    enum LimitStoreKind {
        LOCAL,
        REDIS
    }

    /** What becomes of new conversations without a store. */
    enum StoreFailure {
        REFUSE_NEW,
        LOCAL
    }

    /** What a client may ask of the operator's account. */
    interface Policy {

        /**
         * Models that clients may name besides {@code livebridge.gemini.model}, comma-separated. Without it: those that
         * this version knows.
         */
        Optional<List<String>> models();

        /**
         * What becomes of any other model: {@code refuse} the setup, {@code map} it to {@code livebridge.gemini.model},
         * or {@code pass} on names that this version does not know.
         */
        @WithDefault("refuse")
        UnknownModels unknownModels();

        /**
         * Kinds of tool that clients may give the model, comma-separated, as Gemini spells them. All but
         * {@code functionDeclarations} run at Gemini on this account.
         */
        @WithDefault("functionDeclarations,googleSearch")
        List<String> tools();

        /** Whether clients may refer to files by address ({@code fileData}), which are read with this account's key. */
        @WithDefault("false")
        boolean fileUris();

        /** Whether clients may lower or switch off Gemini's safety filters; stricter settings always pass. */
        @WithDefault("false")
        boolean safetySettings();

        /** Whether clients may send a sample of a voice to speak with ({@code replicatedVoiceConfig}). */
        @WithDefault("false")
        boolean customVoices();

        /** Whether clients may let the model answer each picture ({@code proactiveVideo}), which costs much more. */
        @WithDefault("false")
        boolean proactiveVideo();

        /**
         * Who writes the system instruction: the client ({@code free}), the operator and behind it the client
         * ({@code prefix}), or the operator alone ({@code fixed}).
         */
        @WithDefault("free")
        InstructionPolicy systemInstruction();

        /** The operator's system instruction, for {@code prefix} and {@code fixed}. */
        Optional<String> systemInstructionText();

        /** Characters that a client's system instruction may have. */
        @WithDefault("32768")
        int systemInstructionMaxCharacters();

        /** Output tokens per turn: larger wishes are lowered to it, clients without a wish get it. */
        Optional<Integer> maxOutputTokens();

        /** Thinking tokens per turn that a client may ask for; larger and automatic budgets are lowered to it. */
        Optional<Integer> maxThinkingBudget();

        /** Thinking level that a client may ask for; higher ones are lowered to it. */
        Optional<ThinkingLevel> maxThinkingLevel();

        /**
         * Labels of this account for every conversation, {@code key=value}, comma-separated; they win over clients'.
         */
        Optional<List<String>> labels();

        /** Whether members that this version does not know are passed on to Gemini. */
        @WithDefault("false")
        boolean unknownMembers();
    }

    /** What becomes of a model that is not allowed. */
    enum UnknownModels {
        REFUSE,
        MAP,
        PASS
    }

    /** Who writes the system instruction. */
    enum InstructionPolicy {
        FREE,
        PREFIX,
        FIXED
    }

    /** Levels of thinking, the least first. */
    enum ThinkingLevel {
        MINIMAL,
        LOW,
        MEDIUM,
        HIGH
    }

    /** Clients that speak Gemini's own wire. */
    interface GeminiClients {

        /**
         * Largest message a client of Gemini's own paths may send, in bytes: its SDKs send photos inline in
         * {@code clientContent}. Beyond it the socket is closed with 1009.
         */
        @WithDefault("8388608")
        int maxMessageBytes();
    }

    /**
     * Limits that need no identity: what one address may do. An IPv6 address counts with its /64. The address is the
     * connection's peer, or the forwarded one when {@code quarkus.http.proxy.trusted-proxies} is set. Behind a proxy
     * without that setting all clients have one address: leave the limits off.
     */
    interface PerAddress {

        /** Sockets that may be open from one address; more are answered 429. 0 is no limit. */
        @WithDefault("0")
        int maxSockets();

        /**
         * Sockets a second that one address may open in the long run, with a burst of ten seconds' worth; more are
         * answered 429. 0 is no limit.
         */
        @WithDefault("0")
        double socketsPerSecond();
    }

    /** Resume tokens, which {@code docs/resumption.md} explains. */
    interface Resumption {

        /**
         * Keys of 32 bytes in base64, comma-separated, each optionally as {@code id:key}. The first seals, all open.
         * Without any the process makes one that no other process knows.
         */
        Optional<List<String>> keys();

        /**
         * File that holds the keys, separated by commas or line ends; in place of {@code livebridge.resumption.keys}.
         * It is read again when it changes.
         */
        Optional<Path> keysFile();

        /** How long a token is good. */
        @WithDefault("5m")
        Duration tokenLifetime();
    }

    /** What the other instances need to reach this one. */
    interface Instance {

        /**
         * Where the other instances reach this one's management port, {@code http://POD_IP:9000}. Without it a
         * conversation that moves goes on with what its token holds.
         */
        Optional<URI> address();
    }

    /** How conversations are moved to other instances before the process ends. */
    interface Drain {

        /** Time over which the conversations are spread, so that the others are not met by all of them at once. */
        @WithDefault("5s")
        Duration spread();

        /** Time after which conversations are moved in the middle of a turn, too. */
        @WithDefault("45s")
        Duration timeout();

        /**
         * Time for which a process may drain without a conversation before its liveness fails, so that the orchestrator
         * starts it anew: a drain that was asked for and then forgotten.
         */
        @WithDefault("10m")
        Duration abandonedAfter();
    }

    /** Who may use the management port for more than health and metrics. */
    interface Management {

        /**
         * File that holds the secret for {@code Authorization: Bearer} of drain, undrain and the list of sessions: 32
         * characters or more. It is read again when it changes. Without it these answer to loopback alone.
         */
        Optional<Path> secretFile();

        /**
         * Names of client certificates with which an operator needs no secret: common names, or alternative names that
         * are host names or URIs. Needs {@code quarkus.management.tls-configuration-name} with a trust store. With
         * names loopback alone no longer makes an operator.
         */
        Optional<List<String>> operatorCertificates();

        /**
         * Host names by which the management port may be asked, besides loopback names, IP addresses and the host of
         * {@code livebridge.instance.address}; without a port.
         */
        Optional<List<String>> hosts();
    }

    /** Corrections of the model catalogue. */
    interface Model {

        /**
         * First day on which Gemini no longer serves the model, such as {@code 2026-11-17}, or {@code never}. From then
         * on its successor answers; thirty days before, the start warns when it is the configured model.
         */
        Optional<String> retires();
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
