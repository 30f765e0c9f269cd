package dev.livebridge.browser;

import dev.livebridge.config.LivebridgeConfig;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Whether the identity provider offers a login with the authorization code flow. */
@Singleton
final class Login {

    static final String LOGIN = "/login";
    static final String LOGOUT = "/logout";

    /** Values of {@code quarkus.oidc.application-type} with the code flow. */
    private static final Set<String> WITH_LOGIN = Set.of("hybrid", "web-app");

    private final boolean offered;

    Login(LivebridgeConfig config, Config settings) {
        offered = config.access().oidc()
                && settings.getOptionalValue("quarkus.oidc.application-type", String.class)
                        .map(type -> type.toLowerCase(Locale.ROOT).replace('_', '-'))
                        .filter(WITH_LOGIN::contains)
                        .isPresent();
    }

    boolean offered() {
        return offered;
    }
}
