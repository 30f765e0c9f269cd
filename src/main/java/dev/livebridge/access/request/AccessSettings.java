package dev.livebridge.access.request;

import dev.livebridge.config.AccessConfig;
import dev.livebridge.config.AccessConfig.AccessMode;
import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** The settings {@code livebridge.access.*}, checked at the start. In production the mode has no default. */
@Singleton
@Startup
public class AccessSettings {

    private static final Logger LOG = Logger.getLogger(AccessSettings.class);
    private static final String MODE = "livebridge.access.mode";
    private static final String AUDIENCE = "quarkus.oidc.token.audience";
    private static final String ISSUER = "quarkus.oidc.token.issuer";
    private static final String SERVER = "quarkus.oidc.auth-server-url";
    private static final String PUBLIC_KEY = "quarkus.oidc.public-key";

    private final AccessMode mode;
    private final AccessConfig access;

    /**
     * Reads and checks the settings of this process.
     *
     * @throws ConfigurationException with one sentence that names the setting and its solution
     */
    @Inject
    public AccessSettings(LivebridgeConfig config, Config settings) {
        this(config.access(), settings, LaunchMode.current());
    }

    AccessSettings(AccessConfig access, Config settings, LaunchMode launch) {
        this.access = access;
        this.mode = mode(access, launch);
        checkDuration("ticket-lifetime", access.ticketLifetime());
        checkDuration("expiry-warning", access.expiryWarning());
        checkDuration("expiry-grace", access.expiryGrace());
        if (mode == AccessMode.OPEN) {
            if (access.anonymous() || access.oidc() || access.keysFile().isPresent()) {
                LOG.warn(
                        MODE
                                + " is open: credentials are ignored, and the settings anonymous, oidc and keys-file have no effect");
            }
            if (launch == LaunchMode.NORMAL) {
                LOG.warn(
                        MODE
                                + " is open: every client with an allowed address and origin uses the model at the operator's expense");
            }
            return;
        }
        if (!access.anonymous() && !access.oidc() && access.keysFile().isEmpty()) {
            throw new ConfigurationException(MODE + " is required, but no kind of caller is enabled: set"
                    + " LIVEBRIDGE_ACCESS_KEYS_FILE, LIVEBRIDGE_ACCESS_OIDC=true or"
                    + " LIVEBRIDGE_ACCESS_ANONYMOUS=true.");
        }
        if (access.oidc()) {
            checkOidc(settings);
        }
    }

    private static AccessMode mode(AccessConfig access, LaunchMode launch) {
        if (access.mode().isEmpty() && launch == LaunchMode.NORMAL) {
            throw new ConfigurationException(MODE + " is not set: set LIVEBRIDGE_ACCESS_MODE=required to require"
                    + " API keys, tokens or a login, or LIVEBRIDGE_ACCESS_MODE=open to check addresses and origins"
                    + " only.");
        }
        return access.mode().orElse(AccessMode.OPEN);
    }

    private static void checkDuration(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new ConfigurationException("livebridge.access." + name + " must be positive, for example 30s.");
        }
    }

    private static void checkOidc(Config settings) {
        List<String> audience =
                settings.getOptionalValues(AUDIENCE, String.class).orElse(List.of());
        if (audience.isEmpty() || audience.contains("any")) {
            throw new ConfigurationException(AUDIENCE + " must name this service while livebridge.access.oidc is true,"
                    + " so that tokens for other services are refused: set QUARKUS_OIDC_TOKEN_AUDIENCE.");
        }
        boolean server = isSet(settings, SERVER);
        boolean key = isSet(settings, PUBLIC_KEY);
        if (!server && !key) {
            throw new ConfigurationException(SERVER + " or " + PUBLIC_KEY + " is needed while livebridge.access.oidc is"
                    + " true: set QUARKUS_OIDC_AUTH_SERVER_URL or QUARKUS_OIDC_PUBLIC_KEY.");
        }
        if (key && !isSet(settings, ISSUER)) {
            throw new ConfigurationException(ISSUER + " is needed with " + PUBLIC_KEY
                    + ", so that tokens of other issuers are refused: set QUARKUS_OIDC_TOKEN_ISSUER.");
        }
    }

    private static boolean isSet(Config settings, String name) {
        return settings.getOptionalValue(name, String.class).isPresent();
    }

    /** Whether callers need a credential. */
    public boolean required() {
        return mode == AccessMode.REQUIRED;
    }

    /** The settings {@code livebridge.access.*}. */
    AccessConfig access() {
        return access;
    }
}
