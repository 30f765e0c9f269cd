package dev.livebridge.idp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings of a recipe of {@code docs/access.md}, as {@code deploy/access} has them. */
public final class Recipe {

    /** The settings of recipes; the name of an environment variable does not determine the name of its setting. */
    private static final List<String> NAMES = List.of(
            "livebridge.access.mode",
            "livebridge.access.anonymous",
            "livebridge.access.keys-file",
            "livebridge.access.oidc",
            "livebridge.access.rules-file",
            "livebridge.browser.clients-without-origin",
            "quarkus.oidc.application-type",
            "quarkus.oidc.auth-server-url",
            "quarkus.oidc.client-id",
            "quarkus.oidc.token.audience",
            "quarkus.oidc.roles.role-claim-path",
            "quarkus.oidc.authentication.force-redirect-https-scheme",
            "quarkus.oidc.token.refresh-expired",
            "quarkus.oidc.token.refresh-token-time-skew",
            "quarkus.oidc.logout.path");

    private Recipe() {}

    /** The directory of its files. */
    public static Path folder(String name) {
        return Path.of("deploy", "access", name);
    }

    /** The settings by name. */
    public static Map<String, String> settings(String name) {
        Map<String, String> variables = new HashMap<>();
        try {
            for (String line : Files.readAllLines(folder(name).resolve("config.env"))) {
                int equals = line.indexOf('=');
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>();
        for (String known : NAMES) {
            String value = variables.remove(known.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
            if (value != null) {
                settings.put(known, value);
            }
        }
        if (!variables.isEmpty()) {
            throw new AssertionError("unknown settings in the recipe " + name + ": " + variables.keySet());
        }
        return settings;
    }
}
