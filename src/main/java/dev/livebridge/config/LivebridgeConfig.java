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

    /** The backend, and the time limits of the connection to it. */
    Upstream upstream();

    /** Address, credentials and default model of Gemini. */
    Gemini gemini();

    /** Limits of a session. */
    SessionConfig session();

    /** Who may connect. */
    Browser browser();

    /** How callers show who they are, and the rules for them. */
    AccessConfig access();

    /** Ephemeral tokens. */
    TokensConfig tokens();

    /** Limits of callers across instances. */
    LimitsConfig limits();

    /** Named setups of the operator; {@code docs/agents.md}. */
    AgentsConfig agents();

    /** The rules for a client's setup; {@code docs/policy.md} has the reasons. */
    Policy policy();

    /** Clients that speak Gemini's own wire. */
    GeminiClients geminiClients();

    /** Limits per client address. */
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
     * Prices of a model's tokens, by its id without {@code models/}; the estimate is zero for a model without prices.
     */
    Map<String, Price> prices();

    /** Corrections of the model catalogue, by a model's id without {@code models/}. */
    Map<String, Model> models();

    /** The backend, and the time limits of the connection to it. */
    interface Upstream {

        /**
         * {@code gemini} or {@code simulator}. Not set: {@code gemini} if an API key is set, otherwise
         * {@code simulator} in development and tests. In production without a key the service refuses to start.
         */
        Optional<Backend> backend();

        /** Time limit for the TCP, TLS and WebSocket handshake with the model. */
        @WithDefault("5s")
        Duration connectTimeout();

        /** Time limit from the setup frame to {@code setupComplete}. */
        @WithDefault("10s")
        Duration setupTimeout();

        /**
         * Age at which the service rotates a connection to the model in the next pause; up to a tenth less, at random,
         * so that connections of the same age do not rotate together. Not set: 9 minutes, because Gemini closes a
         * connection after about ten, and 55 minutes for models that keep one for an hour.
         */
        Optional<Duration> maxConnectionAge();

        /** Time after which a connection to the model that accepts no more writes counts as lost. */
        @WithDefault("10s")
        Duration stallTimeout();

        /**
         * Time without any message from the model, not even a pong, after which the connection counts as lost. Gemini's
         * pongs may take half a minute. Only for models that have answered a ping before.
         */
        @WithDefault("90s")
        Duration silenceTimeout();

        /**
         * Proxy for connections to Gemini, for conversations and for the check of key and model:
         * {@code http://[user:password@]host[:port]}, or {@code none}. Not set: {@code HTTPS_PROXY} and
         * {@code NO_PROXY} apply.
         */
        Optional<String> proxy();

        /**
         * Name of the TLS configuration ({@code quarkus.tls.NAME}) with the certificates to trust for Gemini. Not set:
         * the default TLS configuration if it names certificates to trust, otherwise the trust store of the Java
         * runtime.
         */
        Optional<String> tls();

        /** Attempts to reconnect to the model after a loss, before the session ends with {@code upstream_lost}. */
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

        /** API version in the path of the service. */
        @WithDefault("v1beta")
        String apiVersion();

        /**
         * Model for clients that name none, or a retired one without a successor; without {@code models/}. Once it is
         * retired itself, its successor answers.
         */
        @WithDefault("gemini-3.8-live")
        String model();

        /** API key. {@code GEMINI_API_KEY} and {@code GOOGLE_API_KEY} are read, too. */
        Optional<String> apiKey();

        /**
         * File that contains only the API key; instead of {@code livebridge.gemini.api-key}. The service reads a
         * changed file again: new connections to Gemini use the new key.
         */
        Optional<Path> apiKeyFile();
    }

    /** Who may connect. */
    interface Browser {

        /**
         * Origins of the pages that may connect: exact {@code scheme://host[:port]}, or {@code *} for all. Not set: the
         * service's own pages. A list replaces that default. In production {@code *} needs the simulator or a loopback
         * address to listen on.
         */
        @WithName("allowed-origins")
        Optional<List<String>> allowedOrigins();

        /**
         * Origins of the pages that may show the service's page in a frame: exact {@code scheme://host[:port]},
         * comma-separated. Not set: none.
         */
        Optional<List<String>> allowedFramers();

        /**
         * Hosts under which clients reach the service, as {@code host} (any port) or {@code host:port}; requests for
         * another host get 421. Not set: {@code localhost} and IP addresses.
         */
        Optional<List<String>> hosts();

        /**
         * Clients that may connect without an {@code Origin} header, which browsers always send and SDKs on servers do
         * not: {@code none}, {@code loopback}, {@code all}, or addresses and networks such as {@code 10.1.0.0/16}. The
         * address is that of the connection; a request that a proxy has marked as forwarded passes with {@code all}
         * only. {@code loopback} in development and tests.
         */
        @WithDefault("none")
        List<String> clientsWithoutOrigin();

        /**
         * Whether pages from loopback (any port) may connect; on in development and tests, for pages of a local file
         * server.
         */
        @WithDefault("false")
        boolean allowLoopbackOrigins();
    }

    /** The rules for a client's setup. */
    interface Policy {

        /**
         * Models that clients may name besides {@code livebridge.gemini.model}, comma-separated. Not set: the models
         * that this version knows.
         */
        Optional<List<String>> models();

        /**
         * Treatment of any other model: {@code refuse} the setup, {@code map} it to {@code livebridge.gemini.model}, or
         * {@code pass} on names that this version does not know.
         */
        @WithDefault("refuse")
        UnknownModels unknownModels();

        /**
         * Kinds of tool that clients may give the model, comma-separated, as Gemini spells them. All but
         * {@code functionDeclarations} run at Gemini on this account.
         */
        @WithDefault("functionDeclarations,googleSearch")
        List<String> tools();

        /**
         * Whether clients may refer to files by address ({@code fileData}), which Gemini reads with this account's key.
         */
        @WithDefault("false")
        boolean fileUris();

        /** Whether clients may lower or switch off Gemini's safety filters; stricter settings always pass. */
        @WithDefault("false")
        boolean safetySettings();

        /** Whether clients may send a voice sample ({@code replicatedVoiceConfig}). */
        @WithDefault("false")
        boolean customVoices();

        /** Whether clients may let the model answer each picture ({@code proactiveVideo}), which costs much more. */
        @WithDefault("false")
        boolean proactiveVideo();

        /**
         * Source of the system instruction: the client ({@code free}), the operator's text and then the client's
         * ({@code prefix}), or only the operator ({@code fixed}).
         */
        @WithDefault("free")
        InstructionPolicy systemInstruction();

        /** The operator's system instruction, for {@code prefix} and {@code fixed}. */
        Optional<String> systemInstructionText();

        /** Most characters of a client's system instruction. */
        @WithDefault("32768")
        int systemInstructionMaxCharacters();

        /** Output tokens per turn: the service lowers larger values to it, and sets it for clients without a value. */
        Optional<Integer> maxOutputTokens();

        /**
         * Thinking tokens per turn that a client may request; the service lowers larger and automatic budgets to it.
         */
        Optional<Integer> maxThinkingBudget();

        /** Thinking level that a client may request; the service lowers higher ones to it. */
        Optional<ThinkingLevel> maxThinkingLevel();

        /**
         * Labels of this account for every conversation, {@code key=value}, comma-separated; they replace a client's
         * labels with the same key.
         */
        Optional<List<String>> labels();

        /** Whether the service relays members and messages that it does not know to Gemini. */
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
         * Largest message of a client of Gemini's own paths, in bytes: its SDKs send photos inline in
         * {@code clientContent}. Beyond it the service closes with 1009.
         */
        @WithDefault("8388608")
        int maxMessageBytes();
    }

    /**
     * Limits per client address; an IPv6 address counts with its /64. The address is that of the connection, or the
     * forwarded one if {@code quarkus.http.proxy.trusted-proxies} is set. Behind a proxy without that setting all
     * clients have the same address: leave the limits off.
     */
    interface PerAddress {

        /** Most open sockets of one address; further ones get 429. 0 is no limit. */
        @WithDefault("0")
        int maxSockets();

        /**
         * Sockets that one address may open per second, with a burst of ten seconds' worth; further ones get 429. 0 is
         * no limit.
         */
        @WithDefault("0")
        double socketsPerSecond();
    }

    /** Resume tokens; see {@code docs/resumption.md}. */
    interface Resumption {

        /**
         * Keys of 32 bytes in base64, comma-separated, each optionally as {@code id:key}. The first seals, all open.
         * Not set: each instance makes its own.
         */
        Optional<List<String>> keys();

        /**
         * File that contains the keys, separated by commas or line ends; instead of {@code livebridge.resumption.keys}.
         * The service reads a changed file again.
         */
        Optional<Path> keysFile();

        /** Time for which a resume token is valid. */
        @WithDefault("5m")
        Duration tokenLifetime();
    }

    /** What the other instances need to reach this one. */
    interface Instance {

        /**
         * Address of this instance's management port for the other instances, {@code http://POD_IP:9000}. Not set: no
         * handover; a conversation that moves resumes from its token alone.
         */
        Optional<URI> address();
    }

    /** How an instance moves its conversations to other instances before it stops. */
    interface Drain {

        /** Time over which a draining instance spreads the moves of its conversations. */
        @WithDefault("5s")
        Duration spread();

        /** Time after which a draining instance moves conversations during a turn, too. */
        @WithDefault("45s")
        Duration timeout();

        /**
         * Time without a conversation after which the liveness of a draining instance fails, so that the orchestrator
         * restarts it: for a drain that an operator requested and forgot.
         */
        @WithDefault("10m")
        Duration abandonedAfter();
    }

    /** Access to the management port beyond health and metrics. */
    interface Management {

        /**
         * File that contains the secret for {@code Authorization: Bearer} of drain, undrain and the list of sessions:
         * 32 characters or more. The service reads a changed file again. Not set: these requests must come from
         * loopback.
         */
        Optional<Path> secretFile();

        /**
         * Names of client certificates with which an operator needs no secret: common names, or alternative names that
         * are host names or URIs. Needs {@code quarkus.management.tls-configuration-name} with a trust store. With
         * names loopback alone no longer makes an operator.
         */
        Optional<List<String>> operatorCertificates();

        /**
         * Host names of the management port, besides loopback names, IP addresses and the host of
         * {@code livebridge.instance.address}; without a port.
         */
        Optional<List<String>> hosts();
    }

    /** Corrections of the model catalogue. */
    interface Model {

        /**
         * First day on which Gemini no longer serves the model, such as {@code 2026-11-17}, or {@code never}. From then
         * on its successor answers; thirty days before, the start warns if it is the configured model.
         */
        Optional<String> retires();
    }

    /** Prices of a model in US dollars per million tokens. */
    interface Price {

        /** Typed text, history and documents. */
        double inputText();

        /** The user's speech. */
        double inputAudio();

        /** Pictures and video. */
        double inputImage();

        /** Text, transcripts and thoughts. */
        double outputText();

        /** Speech. */
        double outputAudio();
    }
}
