package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.keys.KeysCommand;
import dev.livebridge.hostile.HostileClient;
import dev.livebridge.hostile.HostileClient.Frame;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A credential that expires or is revoked during a conversation. */
@QuarkusTest
@TestProfile(InBandRenewalTest.ShortGrace.class)
class InBandRenewalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TestHTTPResource("/")
    URI server;

    private final Path directory = AccessProfile.directory();

    /** Another caller in each test, because a conversation without its client still counts for some time. */
    private final String alice = "alice-" + UUID.randomUUID();

    private Issuer issuer;

    /** A service that ends a conversation one second after its credential expires. */
    public static class ShortGrace extends AccessProfile {
        @Override
        protected Map<String, String> more() {
            return Map.of("livebridge.access.expiry-grace", "1s");
        }
    }

    @BeforeEach
    void readKeys() {
        issuer = Issuer.read(directory);
    }

    private String token(String subject, long seconds) {
        long end = Instant.now().getEpochSecond() + seconds;
        return issuer.token(subject, claims -> claims.setExpirationTime(NumericDate.fromSeconds(end)));
    }

    private HostileClient connect(String token) throws IOException {
        HostileClient client = new HostileClient(server);
        assertEquals(101, client.upgrade("/live", "Authorization: Bearer " + token));
        client.send("{\"setup\":{}}");
        return client;
    }

    private static Frame await(HostileClient client, String part) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            Frame frame = client.read(Duration.ofSeconds(5));
            if (frame == null) {
                continue;
            }
            if (frame.opcode() == HostileClient.CLOSE) {
                assertTrue(part.equals("close"), () -> "closed: " + frame.closeCode() + " " + frame.closeReason());
                return frame;
            }
            if (frame.text().contains(part)) {
                return frame;
            }
        }
        throw new AssertionError("no " + part);
    }

    private static void auth(HostileClient client, String token) throws IOException {
        client.send("{\"auth\":{\"token\":\"" + token + "\"}}");
    }

    @Test
    void anExpiredCredentialEndsTheConversationAfterTheGraceTime() throws IOException {
        try (HostileClient client = connect(token(alice, 3))) {
            assertTrue(await(client, "auth_expiring").text().contains("\"warning\""));

            assertTrue(await(client, "\"auth_expired\"").text().contains("error"));
            assertEquals(4005, await(client, "close").closeCode());
        }
    }

    @Test
    void aNewCredentialOfTheCallerContinuesTheConversation() throws IOException {
        try (HostileClient client = connect(token(alice, 3))) {
            await(client, "auth_expiring");

            auth(client, token(alice, 600));

            // Longer than the first credential and its grace time.
            Awaitility.await()
                    .during(Duration.ofSeconds(6))
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        client.send("{\"ping\":{\"t\":1}}");
                        return await(client, "pong") != null;
                    });
        }
    }

    @Test
    void aRevokedKeyEndsItsConversations() throws IOException {
        String file = directory.resolve("keys").toString();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        KeysCommand keys = new KeysCommand(new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
        assertEquals(0, keys.run("make", "--file", file, "--id", "revoked-later"));
        String key = out.toString(StandardCharsets.UTF_8).strip();
        // The service reads the file again within a second.
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            try (HostileClient client = new HostileClient(server)) {
                return client.upgrade("/live", "Authorization: Bearer " + key) == 101;
            }
        });
        try (HostileClient client = connect(key)) {
            await(client, "ready");

            assertEquals(0, keys.run("revoke", "--file", file, "--id", "revoked-later"));

            Frame close = await(client, "close");
            assertEquals(1008, close.closeCode());
            assertTrue(close.closeReason().contains("revoked"), close::closeReason);
        }
    }

    @Test
    void aCredentialOfAnotherCallerEndsTheConversation() throws IOException {
        try (HostileClient client = connect(token(alice, 600))) {
            await(client, "ready");

            auth(client, token("mallory", 600));

            assertEquals(1008, await(client, "close").closeCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "a.b.c", "lb_server_x", "livebridge.ticket.AAAA"})
    void anInvalidCredentialIsReportedAndTheOldOneStaysValid(String wrong) throws IOException {
        try (HostileClient client = connect(token(alice, 600))) {
            await(client, "ready");

            auth(client, wrong);

            String error = await(client, "auth_invalid").text();
            assertFalse(!wrong.isEmpty() && error.contains(wrong), error);
            client.send("{\"ping\":{\"t\":1}}");
            assertNotNull(await(client, "pong"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"auth\":{}}", "{\"auth\":\"x\"}", "{\"auth\":{\"token\":7}}", "{\"auth\":{\"token\":null}}"})
    void aMalformedMessageIsReported(String message) throws IOException {
        try (HostileClient client = connect(token(alice, 600))) {
            await(client, "ready");

            client.send(message);

            await(client, "auth.token must be a string");
        }
    }
}
