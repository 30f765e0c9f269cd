package dev.livebridge.access.request;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.Access;
import dev.livebridge.config.LivebridgeConfig.AccessMode;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** The settings of access, checked at the start: production does not begin without a mode. */
@Singleton
@Startup
public class AccessSettings {

    private static final Logger LOG = Logger.getLogger(AccessSettings.class);
    private static final String MODE = "livebridge.access.mode";
    private static final String AUDIENCE = "quarkus.oidc.token.audience";

    private final AccessMode mode;
    private final Access access;

    /**
     * Checks the settings of this process.
     *
     * @throws ConfigurationException with one sentence that says what to set
     */
    @Inject
    public AccessSettings(LivebridgeConfig config, Config settings) {
        this(config.access(), settings, LaunchMode.current());
    }

    AccessSettings(Access access, Config settings, LaunchMode launch) {
        this.access = access;
        this.mode = mode(access, launch);
        checkDuration("ticket-lifetime", access.ticketLifetime());
        checkDuration("expiry-warning", access.expiryWarning());
        checkDuration("expiry-grace", access.expiryGrace());
        if (mode == AccessMode.OPEN) {
            if (access.anonymous() || access.oidc() || access.keysFile().isPresent()) {
                LOG.warn(MODE + " is open, so no credential is looked at: anonymous, oidc and keys-file do nothing");
            }
            if (launch == LaunchMode.NORMAL) {
                LOG.warn(
                        MODE
                                + " is open: every client that address and origin admit uses the model at the operator's expense");
            }
            return;
        }
        if (!access.anonymous() && !access.oidc() && access.keysFile().isEmpty()) {
            throw new ConfigurationException(MODE + " is required, but no caller can show a credential: set"
                    + " LIVEBRIDGE_ACCESS_KEYS_FILE, LIVEBRIDGE_ACCESS_OIDC=true or"
                    + " LIVEBRIDGE_ACCESS_ANONYMOUS=true.");
        }
        if (access.oidc()) {
            checkOidc(settings);
        }
    }

    private static AccessMode mode(Access access, LaunchMode launch) {
        if (access.mode().isEmpty() && launch == LaunchMode.NORMAL) {
            throw new ConfigurationException("Nothing says who may talk: set LIVEBRIDGE_ACCESS_MODE=required and let"
                    + " callers show API keys, tokens or a login, or LIVEBRIDGE_ACCESS_MODE=open to go by addresses and"
                    + " origins alone.");
        }
        return access.mode().orElse(AccessMode.OPEN);
    }

    private static void checkDuration(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new ConfigurationException("livebridge.access." + name + " must be longer than nothing.");
        }
    }

    private static void checkOidc(Config settings) {
        List<String> audience =
                settings.getOptionalValues(AUDIENCE, String.class).orElse(List.of());
        if (audience.isEmpty() || audience.contains("any")) {
            throw new ConfigurationException("livebridge.access.oidc is true, but " + AUDIENCE + " does not name this"
                    + " service, so tokens for other services would be accepted: set QUARKUS_OIDC_TOKEN_AUDIENCE.");
        }
        boolean server = settings.getOptionalValue("quarkus.oidc.auth-server-url", String.class)
                .isPresent();
        boolean key = settings.getOptionalValue("quarkus.oidc.public-key", String.class)
                .isPresent();
        if (!server && !key) {
            throw new ConfigurationException("livebridge.access.oidc is true, but nothing says who issues tokens: set"
                    + " QUARKUS_OIDC_AUTH_SERVER_URL, or QUARKUS_OIDC_PUBLIC_KEY.");
        }
        if (key
                && settings.getOptionalValue("quarkus.oidc.token.issuer", String.class)
                        .isEmpty()) {
            throw new ConfigurationException("livebridge.access.oidc has a public key and no server, so"
                    + " quarkus.oidc.token.issuer must say who issues tokens: set QUARKUS_OIDC_TOKEN_ISSUER.");
        }
    }

    /** Whether a credential is needed. */
    public boolean required() {
        return mode == AccessMode.REQUIRED;
    }

    /** The group of settings. */
    Access access() {
        return access;
    }
}
