package dev.livebridge.idp;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Keycloak for the service, which has the settings of the recipe {@code company-sso}. Without a Keycloak distribution
 * the service starts without a login, and the test must skip itself.
 */
public class Provider implements QuarkusTestResourceLifecycleManager {

    private @Nullable Keycloak keycloak;

    @Override
    public Map<String, String> start() {
        if (!Keycloak.isAvailable()) {
            return Map.of();
        }
        Keycloak started = Keycloak.start();
        keycloak = started;
        Map<String, String> settings = new HashMap<>(Recipe.settings("company-sso"));
        settings.put(
                "livebridge.access.rules-file",
                Recipe.folder("company-sso").resolve("access.yaml").toString());
        settings.put("quarkus.oidc.auth-server-url", started.url());
        settings.put("quarkus.oidc.credentials.secret", started.clientSecret());
        // No proxy terminates TLS here.
        settings.put("quarkus.oidc.authentication.force-redirect-https-scheme", "false");
        settings.put("livebridge.access.expiry-warning", "6s");
        settings.put("livebridge.access.expiry-grace", "2s");
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(keycloak, new TestInjector.MatchesType(Keycloak.class));
    }

    @Override
    public void stop() {
        if (keycloak != null) {
            keycloak.close();
        }
    }
}
