package dev.livebridge.idp;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.livebridge.proxies.Ports;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Keycloak from its distribution, on ports of 127.0.0.1, with its database in memory and the realm
 * {@code livebridge} of {@code idp/livebridge-realm.json}. Each start has new random secrets and passwords.
 *
 * <p>{@code .ci/run} puts the distribution into {@code target/tools}. Without it the test is skipped with a warning, or
 * fails with {@code -Didp.required=true}.
 */
public final class Keycloak implements AutoCloseable {

    /** The version in the pom. */
    private static final String VERSION = System.getProperty("keycloak.version", "");

    static final String CLIENT = "livebridge";

    private static final Path DISTRIBUTION = Path.of("target", "tools", "keycloak-quarkus-dist-" + VERSION + ".zip");
    private static final Path HOME = Path.of("target", "tools", "keycloak-" + VERSION);
    private static final String REALM = "/realms/livebridge";
    private static final String ADMIN = "/admin/realms/livebridge";

    /** Time limit of the start; the first one builds Keycloak, while other tests use the processors. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    /** Enough for the start and a few users. */
    private static final String MEMORY = "-Xms64m -Xmx384m";

    private final String clientSecret = random();
    private final String password = random();
    private final String adminPassword = random();
    private final int port = Ports.free();
    private final Path log = Path.of("target", "keycloak.log").toAbsolutePath();
    private final Process process;
    private final Thread atExit;

    private Keycloak() throws IOException {
        unpack();
        Files.createDirectories(HOME.resolve("data/import"));
        Files.writeString(HOME.resolve("data/import/livebridge-realm.json"), realm());
        // sh runs kc.sh, because the archive's permissions are lost.
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "bin/kc.sh",
                        "start-dev",
                        "--import-realm",
                        "--db=dev-mem",
                        "--cache=local",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--health-enabled=false",
                        "--metrics-enabled=false")
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "JAVA_OPTS_KC_HEAP",
                        MEMORY,
                        "JAVA_OPTS_APPEND",
                        "-XX:TieredStopAtLevel=1",
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        adminPassword));
        process = builder.start();
        atExit = new Thread(this::stop, "keycloak-stop");
        Runtime.getRuntime().addShutdownHook(atExit);
        awaitReady();
    }

    /** Starts a Keycloak; skips the test without a distribution. */
    static Keycloak start() {
        require();
        try {
            return new Keycloak();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the distribution exists. */
    static boolean isAvailable() {
        return Files.exists(DISTRIBUTION);
    }

    /** Skips the test without a distribution, or fails if it is required. */
    public static void require() {
        if (isAvailable()) {
            return;
        }
        String missing = "LOGIN AND TOKENS OF AN IDENTITY PROVIDER ARE NOT TESTED: no " + DISTRIBUTION;
        if (Boolean.getBoolean("idp.required")) {
            Assertions.fail(missing);
        }
        System.err.println("[WARNING] " + missing);
        Assumptions.abort(missing);
    }

    private static void unpack() throws IOException {
        if (Files.exists(HOME.resolve("unpacked"))) {
            return;
        }
        Path tools = requireNonNull(HOME.getParent()).toAbsolutePath().normalize();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(DISTRIBUTION))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = tools.resolve(entry.getName()).normalize();
                Assertions.assertTrue(file.startsWith(tools), entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(requireNonNull(file.getParent()));
                    Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Files.writeString(HOME.resolve("unpacked"), VERSION);
    }

    private String realm() throws IOException {
        try (InputStream file =
                requireNonNull(Keycloak.class.getResourceAsStream("/idp/livebridge-realm.json"), "realm")) {
            return new String(file.readAllBytes(), UTF_8)
                    .replace("${client-secret}", clientSecret)
                    .replace("${user-password}", password);
        }
    }

    private static String random() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void awaitReady() {
        await().atMost(START_TIMEOUT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsMatching(thrown -> !(thrown instanceof AssertionError))
                .until(() -> {
                    Assertions.assertTrue(process.isAlive(), () -> "Keycloak ended: " + output());
                    return given().get(url() + "/.well-known/openid-configuration")
                                    .statusCode()
                            == 200;
                });
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The issuer. */
    String url() {
        return server() + REALM;
    }

    private String server() {
        return "http://127.0.0.1:" + port;
    }

    /** The secret of the client {@link #CLIENT}. */
    public String clientSecret() {
        return clientSecret;
    }

    /** The password of every user of the realm. */
    public String password() {
        return password;
    }

    // ---- tokens ----------------------------------------------------------------------------------------------------

    /** An access token for a user, by the password grant. */
    public String accessToken(String user) {
        return token(CLIENT, Map.of("grant_type", "password", "username", user, "password", password));
    }

    /** An access token for another service of the same realm. */
    public String tokenForAnotherService() {
        return token("another-service", Map.of("grant_type", "client_credentials"));
    }

    private String token(String client, Map<String, String> form) {
        return given().formParams(form)
                .formParam("client_id", client)
                .formParam("client_secret", clientSecret)
                .post(url() + "/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    // ---- administration --------------------------------------------------------------------------------------------

    private RequestSpecification admin() {
        String token = given().formParams(Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        "admin",
                        "password",
                        adminPassword))
                .post(server() + "/realms/master/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        return given().auth().oauth2(token).contentType("application/json");
    }

    /** The subject of a user. */
    public String subject(String user) {
        return admin().queryParam("username", user)
                .get(server() + ADMIN + "/users")
                .then()
                .statusCode(200)
                .extract()
                .path("[0].id");
    }

    /** Enables or disables a user. */
    public void setEnabled(String user, boolean enabled) {
        admin().body("{\"enabled\":" + enabled + "}")
                .put(server() + ADMIN + "/users/" + subject(user))
                .then()
                .statusCode(204);
    }

    /** Sets the lifetime of access tokens. */
    public void setTokenLifespan(Duration lifespan) {
        admin().body("{\"accessTokenLifespan\":" + lifespan.toSeconds() + "}")
                .put(server() + ADMIN)
                .then()
                .statusCode(204);
    }

    /** Signs new tokens with a new key; the old key stays valid. */
    public void rotateKeys() {
        admin().body("""
                        {"name": "%s", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
                         "config": {"priority": ["%d"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}}
                        """.formatted(random(), System.currentTimeMillis() / 1000))
                .post(server() + ADMIN + "/components")
                .then()
                .statusCode(201);
    }

    // ---- end -------------------------------------------------------------------------------------------------------

    /** The shell forwards the signal; processes that do not end in time are killed, the server before the shell. */
    private void stop() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroy();
        all.forEach(handle ->
                handle.onExit().completeOnTimeout(handle, 15, TimeUnit.SECONDS).join());
        all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // The process ends already: the hook runs.
        }
    }
}
