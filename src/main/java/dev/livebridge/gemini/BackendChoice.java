package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.Backend;
import dev.livebridge.config.LoopbackHost;
import dev.livebridge.config.SimulatorAddress;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Chooses the backend at the start; refuses to start in production when none is configured. */
@Singleton
@Startup
public class BackendChoice {

    private static final Logger LOG = Logger.getLogger(BackendChoice.class);
    private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
    private static final Set<String> PLAIN_SCHEMES = Set.of("http", "ws");
    private static final Pattern API_VERSION = Pattern.compile("v\\d+((alpha|beta)\\d*)?");

    private final Backend backend;
    private final URI address;

    /**
     * Decides and logs the decision.
     *
     * @throws ConfigurationException with one sentence that says what to set
     */
    @Inject
    public BackendChoice(LivebridgeConfig config, Credentials credentials, Instance<SimulatorAddress> simulator) {
        this(config, credentials, simulator::get, LaunchMode.current());
    }

    BackendChoice(
            LivebridgeConfig config, Credentials credentials, Supplier<SimulatorAddress> simulator, LaunchMode mode) {
        this.backend = choose(config, credentials, mode);
        checkNames(config.gemini());
        this.address = switch (backend) {
            case GEMINI -> checkAddress(config.gemini().baseUri());
            case SIMULATOR -> simulator.get().start();
        };
        switch (backend) {
            case GEMINI ->
                LOG.infof(
                        "Gemini answers: %s, model %s", address, config.gemini().model());
            case SIMULATOR -> {
                String why = config.upstream().backend().isPresent()
                        ? "livebridge.upstream.backend says so"
                        : "set GEMINI_API_KEY to talk with Gemini";
                Logger.Level level = mode == LaunchMode.NORMAL ? Logger.Level.WARN : Logger.Level.INFO;
                LOG.logf(level, "The built-in simulator answers, not Gemini: %s", why);
            }
        }
    }

    private static Backend choose(LivebridgeConfig config, Credentials credentials, LaunchMode mode) {
        boolean hasKey = credentials.apiKey().isPresent();
        Optional<Backend> explicit = config.upstream().backend();
        if (explicit.isPresent()) {
            if (explicit.get() == Backend.GEMINI && !hasKey) {
                throw new ConfigurationException("livebridge.upstream.backend is gemini, but there is no API key: set"
                        + " GEMINI_API_KEY, or choose the simulator (LIVEBRIDGE_UPSTREAM_BACKEND=simulator).");
            }
            return explicit.get();
        }
        if (hasKey) {
            return Backend.GEMINI;
        }
        if (mode == LaunchMode.NORMAL) {
            throw new ConfigurationException("No backend configured: set GEMINI_API_KEY to talk with Gemini, or"
                    + " LIVEBRIDGE_UPSTREAM_BACKEND=simulator for the built-in simulator.");
        }
        return Backend.SIMULATOR;
    }

    private static void checkNames(LivebridgeConfig.Gemini gemini) {
        if (!API_VERSION.matcher(gemini.apiVersion()).matches()) {
            throw new ConfigurationException("livebridge.gemini.api-version must look like v1, v1beta or v1alpha.");
        }
        if (!ModelCatalogue.isName(gemini.model())) {
            throw new ConfigurationException("livebridge.gemini.model must be a model's name, like gemini-3.8-live.");
        }
    }

    private static URI checkAddress(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || uri.getHost() == null) {
            throw new ConfigurationException(
                    "livebridge.gemini.base-uri must be http(s)://host[:port] with an optional path.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new ConfigurationException("livebridge.gemini.base-uri must not hold a user, a query or a fragment;"
                    + " the key belongs in GEMINI_API_KEY.");
        }
        if (PLAIN_SCHEMES.contains(scheme) && !LoopbackHost.matches(uri.getHost())) {
            LOG.warn("livebridge.gemini.base-uri is not encrypted: key and conversations can be read on the way");
        }
        return uri;
    }

    /** The backend of all sessions. */
    public Backend backend() {
        return backend;
    }

    /** The label of the backend: {@code simulator} or {@code gemini}. */
    public String label() {
        return backend.name().toLowerCase(Locale.ROOT);
    }

    /** Scheme and authority of the backend. */
    URI address() {
        return address;
    }
}
