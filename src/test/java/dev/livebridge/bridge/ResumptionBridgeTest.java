package dev.livebridge.bridge;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of {@code /live} loses its connection and resumes with its token. */
@QuarkusTest
@Tag("slow")
class ResumptionBridgeTest extends BridgeFixture {

    @TestHTTPResource(value = "/livebridge/handover", management = true)
    URI handover;

    @Inject
    SessionRegistry sessions;

    /** With a close code that permits resumption, and without a close frame. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostClientGoesOnWhereItWas(boolean politely) {
        String session;
        String token;
        try (TestClient client = UpstreamFaultsTest.begin(vertx, server, "lost")) {
            session = ready(client).get("session").asText();
            token = token(client);
            lose(client, politely);
        }

        assertGoesOn(session, token);
    }

    /** In the middle of a turn; audio of the meantime is dropped, but the conversation continues. */
    @ParameterizedTest
    @EnumSource(UpstreamFaultsTest.Scene.class)
    void whoeverIsCutOffInTheMiddleOfSomethingGoesOn(UpstreamFaultsTest.Scene scene) {
        String session;
        String token;
        try (TestClient client = UpstreamFaultsTest.begin(vertx, server, "cut-off")) {
            session = ready(client).get("session").asText();
            token = token(client);
            UpstreamFaultsTest.set(scene, client);
            lose(client, false);
            assertEquals(1, sessions.active(), "it waits for its client");
        }

        assertGoesOn(session, token);
    }

    /** Each resumption moves the socket of a new session; events of that session must not end the resumed one. */
    @Test
    void whoeverComesBackAgainAndAgainIsNeverHungUpOn() {
        String session;
        String token;
        try (TestClient client = UpstreamFaultsTest.begin(vertx, server, "restless")) {
            session = ready(client).get("session").asText();
            token = token(client);
            lose(client, true);
        }
        double hungUp = leaks.ended("client_closed");

        for (int i = 0; i < 60; i++) {
            TestClient client = TestClient.open(vertx, server, "/live");
            client.send("{\"resume\":{\"token\":\"" + token + "\"}}");
            assertEquals(session, ready(client).path("session").asText(), "arrival " + i);
            token = newest(client, 1);
            switch (i % 3) {
                case 0 -> client.leave();
                case 1 -> client.vanish();
                default -> {} // The next one takes its place
            }
        }

        assertEquals(hungUp, leaks.ended("client_closed"));
        assertGoesOn(session, token);
    }

    /**
     * Over real sockets: once the owner's WebSocket has received the next token, the one it came with is worth nothing.
     */
    @Test
    void aStolenTokenIsRefusedOnceItsOwnerIsBack() {
        String stolen;
        try (TestClient client = UpstreamFaultsTest.begin(vertx, server, "owner")) {
            stolen = token(client);
            lose(client, false);
        }
        try (TestClient owner = TestClient.open(vertx, server, "/live")) {
            owner.send("{\"resume\":{\"token\":\"" + stolen + "\"}}");
            ready(owner);
            assertNotEquals(stolen, newest(owner, 1));
            // The service's own ping comes before the first answer, and is answered before the second is asked for.
            for (int i = 1; i <= 2; i++) {
                owner.send("{\"ping\":{\"t\":" + i + "}}");
                owner.awaitTypes("pong", i);
            }

            for (int i = 0; i < 3; i++) {
                try (TestClient thief = TestClient.open(vertx, server, "/live")) {
                    thief.send("{\"resume\":{\"token\":\"" + stolen + "\"}}");
                    thief.awaitClosed();
                    assertEquals((short) 4003, thief.closeCode());
                    assertFalse(thief.received().stream().anyMatch(message -> message.has("transcript")));
                }
            }

            assertFalse(owner.closed());
        }
    }

    /**
     * A page of another origin may connect, but not go on with this conversation; the words are those of any refusal.
     */
    @Test
    void aTokenIsRefusedFromAnotherOrigin() {
        String token;
        try (TestClient client = UpstreamFaultsTest.begin(vertx, server, "owner")) {
            token = token(client);
            lose(client, false);
        }
        try (TestClient page = TestClient.open(vertx, server, "/live", Map.of("Origin", "http://localhost:8000"))) {
            page.send("{\"resume\":{\"token\":\"" + token + "\"}}");
            page.awaitClosed();
            assertEquals((short) 4003, page.closeCode());
            assertEquals("The conversation can't be continued with this token.", page.closeReason());
        }
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"resume\":{\"token\":\"" + token + "\"}}");
            assertTrue(ready(client).get("resumed").asBoolean());
        }
    }

    private static void lose(TestClient client, boolean politely) {
        if (politely) {
            client.leave();
        } else {
            client.vanish();
        }
        client.awaitClosed();
    }

    private void assertGoesOn(String session, String token) {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"resume\":{\"token\":\"" + token + "\"}}");

            JsonNode ready = ready(client);
            assertEquals(session, ready.get("session").asText());
            assertTrue(ready.get("resumed").asBoolean());
            assertEquals("resumed", ready.get("memory").asText());
            assertTrue(ready.get("transcript").toString().contains("My name is Ada"), ready.toString());
            client.send("{\"text\":\"What is my name?\"}");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> client.text("text").contains("Your name is Ada."));
            assertEquals(1, sessions.active());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "AQJrMQAAAAAAAAAAAAAAAA"})
    void whatIsNoTokenIsRefusedInTheSameWords(String token) {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"resume\":{\"token\":\"" + token + "\"}}");

            JsonNode error =
                    client.awaitMessage(message -> message.path("type").asText().equals("error"));
            client.awaitClosed();

            assertEquals("resume_refused", error.get("code").asText());
            assertEquals((short) 4003, client.closeCode());
            assertEquals("The conversation can't be continued with this token.", client.closeReason());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resume\":{}}",
                "{\"resume\":null}",
                "{\"resume\":{\"token\":7}}",
                "{\"resume\":{\"token\":\"a\"},\"setup\":{}}"
            })
    void aResumeOfAnotherShapeOpensNoSession(String frame) {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send(frame);

            client.awaitClosed();

            assertEquals((short) 1007, client.closeCode());
        }
    }

    /** Seeded, so that a failing request can be reproduced. */
    @Test
    void whateverIsWrongWithARequestItIsRefusedAndTheTokenLivesOn() {
        String token;
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{}}");
            ready(client);
            client.send("{\"text\":\"My name is Ada\"}");
            client.awaitMessage(message -> message.path("type").asText().equals("turnComplete"));
            token = token(client);
            client.leave();
            client.awaitClosed();
        }
        String request = "{\"resume\":{\"token\":\"" + token + "\"}}";
        Random random = new Random(8);
        for (int i = 0; i < 60; i++) {
            String wrong = spoilt(request, random);
            try (TestClient client = TestClient.open(vertx, server, "/live")) {
                client.send(wrong);

                client.awaitClosed();

                assertTrue(
                        client.closeCode() == 1007 || client.closeCode() == 4003,
                        () -> wrong + ": " + client.closeCode());
                assertFalse(client.closeReason().contains(token.substring(8, 40)), wrong);
            }
        }

        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send(request);
            assertTrue(ready(client).get("resumed").asBoolean());
        }
    }

    /**
     * Cut, with a character changed, doubled or gone; never in the last four, where base64 has bits that say nothing.
     */
    private static String spoilt(String request, Random random) {
        int at = random.nextInt(request.length() - 8);
        char other = request.charAt(at) == 'x' ? 'y' : 'x';
        return switch (random.nextInt(4)) {
            case 0 -> request.substring(0, at);
            case 1 -> request.substring(0, at) + other + request.substring(at + 1);
            case 2 -> request.substring(0, at) + other + request.substring(at);
            default -> request.substring(0, at) + request.substring(at + 1);
        };
    }

    @Test
    void aPeerThatKnowsNoTokenGetsNothing() {
        given().contentType("text/plain").body("nonsense").post(handover).then().statusCode(404);
        assertEquals(404, given().post(server.resolve("/q/livebridge/handover")).statusCode());
    }

    private static JsonNode ready(TestClient client) {
        return client.awaitMessage(message -> message.path("type").asText().equals("ready"));
    }

    /** The newest token, as soon as its transcript has a turn. */
    private static String token(TestClient client) {
        return newest(client, 2);
    }

    private static String newest(TestClient client, int atLeast) {
        await().until(() -> client.received().stream()
                        .filter(message -> message.path("type").asText().equals("resumeToken"))
                        .count()
                >= atLeast);
        return client.received().stream()
                .filter(message -> message.path("type").asText().equals("resumeToken"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .get("token")
                .asText();
    }
}
