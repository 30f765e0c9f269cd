package dev.livebridge.access.request;

import dev.livebridge.access.keys.KeysCommand;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * A service that requires credentials: API keys, and JWTs by a static public key without a server. Tracing is on;
 * {@code Spans} records the spans.
 */
public class AccessProfile implements QuarkusTestProfile {

    /** The property with the directory of the keys, for the test. */
    private static final String DIRECTORY = "test.access.directory";

    static final String PAGE = "https://talk.example.com";

    /**
     * The directory of the service under test; {@code key-ID} contains the key ID. Not injected, because each test
     * class is a bean in all applications.
     */
    static Path directory() {
        return Path.of(ConfigProvider.getConfig().getValue(DIRECTORY, String.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            Path directory = Files.createTempDirectory("livebridge-access");
            Issuer issuer = Issuer.create("one");
            issuer.write(directory);
            key(directory, "make", "--id", "server", "--roles", "talk,mint");
            key(directory, "make", "--id", "page", "--roles", "talk", "--origins", PAGE);
            key(directory, "make", "--id", "former", "--expires", "2020-01-01T00:00:00Z");
            key(directory, "make", "--id", "revoked");
            key(directory, "revoke", "--id", "revoked");
            Map<String, String> settings = new HashMap<>(Map.of(
                    "livebridge.access.mode",
                    "required",
                    "livebridge.access.keys-file",
                    directory.resolve("keys").toString(),
                    "livebridge.access.oidc",
                    "true",
                    "livebridge.browser.allowed-origins",
                    PAGE,
                    "livebridge.browser.allow-loopback-origins",
                    "false",
                    "livebridge.browser.clients-without-origin",
                    "none",
                    "quarkus.oidc.public-key",
                    issuer.publicKeyText(),
                    "quarkus.oidc.token.issuer",
                    Issuer.NAME,
                    "quarkus.oidc.token.audience",
                    Issuer.AUDIENCE,
                    DIRECTORY,
                    directory.toString()));
            settings.put("quarkus.otel.sdk.disabled", "false");
            settings.put("quarkus.otel.traces.exporter", "none");
            settings.put("livebridge.agents.built-in", "true");
            settings.putAll(more());
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Additional or changed settings of a test. */
    protected Map<String, String> more() {
        return Map.of();
    }

    /** Runs the command and stores the key that it prints. */
    private static void key(Path directory, String action, String option, String id, String... more)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] arguments = new String[5 + more.length];
        System.arraycopy(
                new String[] {action, "--file", directory.resolve("keys").toString(), option, id}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        int status = new KeysCommand(new PrintStream(out, true, StandardCharsets.UTF_8), System.err).run(arguments);
        if (status != 0) {
            throw new AssertionError("keys " + action + " ended with " + status);
        }
        if (out.size() > 0) {
            Files.writeString(
                    directory.resolve("key-" + id),
                    out.toString(StandardCharsets.UTF_8).strip());
        }
    }
}
