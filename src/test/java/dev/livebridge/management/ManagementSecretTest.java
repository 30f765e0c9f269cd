package dev.livebridge.management;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.management.RawHttp.Answer;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The management port with a secret: operators need it, from every machine. */
@QuarkusTest
@TestProfile(ManagementSecretTest.WithSecret.class)
class ManagementSecretTest {

    private static final String SECRET = "canary-0123456789abcdef0123456789abcdef";
    private static final Path FILE = file();

    private static final List<String> OPERATOR_REQUESTS =
            List.of("GET /q/livebridge/sessions", "POST /q/livebridge/drain", "POST /q/livebridge/undrain");

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    SessionRegistry sessions;

    /** A secret, and a drain that counts as forgotten at once. */
    public static class WithSecret implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            write(SECRET);
            return Map.of(
                    "livebridge.management.secret-file", FILE.toString(), "livebridge.drain.abandoned-after", "1s");
        }
    }

    private static Path file() {
        try {
            return Files.createTempFile(
                    "secret", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String secret) {
        try {
            Files.writeString(FILE, secret + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void theSecretIsTheFirst() {
        write(SECRET);
        await().until(() -> sessionsWith(SECRET) == 200);
        FILE.toFile().deleteOnExit();
    }

    private int sessionsWith(String secret) {
        return send("GET /q/livebridge/sessions", "Authorization: Bearer " + secret)
                .status();
    }

    private Answer send(String request, String... headers) {
        return RawHttp.send(
                management.getPort(),
                Stream.concat(Stream.of(request + " HTTP/1.1", "Host: localhost"), Stream.of(headers))
                        .toArray(String[]::new));
    }

    static Stream<String> wrong() {
        return Stream.of(
                "Accept: */*",
                "X-Livebridge-Operator: yes",
                "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate",
                "Authorization:",
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: " + SECRET,
                "Authorization: Basic " + SECRET,
                "Authorization: Bearer " + SECRET.substring(1),
                "Authorization: Bearer " + SECRET + "0",
                "Authorization: Bearer " + SECRET + "," + SECRET,
                "Authorization: Bearer " + SECRET + "\r\nAuthorization: Bearer wrong",
                "Authorization: Bearer " + "x".repeat(4_000));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void withoutTheSecretNothingIsShownOrChanged(String header) {
        for (String request : OPERATOR_REQUESTS) {
            Answer answer = send(request, header);

            assertEquals(401, answer.status(), request);
            assertTrue(answer.has("WWW-Authenticate"), answer.head());
            assertEquals("", answer.body());
        }
        assertFalse(sessions.draining());
    }

    @Test
    void aPageThatKnowsTheSecretStillGetsNothing() {
        for (String request : OPERATOR_REQUESTS) {
            assertEquals(
                    403,
                    send(request, "Authorization: Bearer " + SECRET, "Origin: https://evil.example")
                            .status());
            assertEquals(
                    403,
                    send(request, "Authorization: Bearer " + SECRET, "Sec-Fetch-Site: cross-site")
                            .status());
        }
        assertFalse(sessions.draining());
    }

    /** Probes and metrics need no secret: the cluster has none. */
    @Test
    void healthAndMetersNeedNone() {
        for (String path : List.of("/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics")) {
            assertEquals(200, send("GET " + path).status(), path);
        }
    }

    @Test
    void theSecretChangesWithItsFile() {
        String next = "other-0123456789abcdef0123456789abcdef";

        write(next);

        await().until(() -> sessionsWith(next) == 200);
        assertEquals(401, sessionsWith(SECRET));
    }

    @Test
    void aFileThatHasBecomeWrongLeavesTheSecretAsItWas() {
        write("short");
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> sessionsWith(SECRET) == 200);

        assertEquals(401, sessionsWith("short"));
    }

    @Test
    void aDrainThatWasForgottenFailsLivenessUntilItIsTakenBack() {
        assertEquals(
                202,
                send("POST /q/livebridge/drain", "Authorization: bearer " + SECRET)
                        .status());
        try {
            await().until(() -> send("GET /q/health/live").status() == 503);
        } finally {
            assertEquals(
                    202,
                    send("POST /q/livebridge/undrain", "Authorization: Bearer " + SECRET)
                            .status());
        }

        assertEquals(200, send("GET /q/health/live").status());
        assertEquals(200, send("GET /q/health/ready").status());
    }
}
