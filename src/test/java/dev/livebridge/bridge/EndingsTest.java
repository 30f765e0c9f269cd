package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Fault.Moment;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of sessions, by either side and in every state, and that all resources are released. */
@QuarkusTest
@Tag("slow")
@TestProfile(EndingsTest.Impatient.class)
class EndingsTest extends BridgeFixture {

    private static final String SETUP = "{\"setup\":{}}";

    /** Limits that a test can wait for. */
    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.session.setup-timeout", "1s",
                    "livebridge.session.idle-timeout", "3s",
                    "livebridge.upstream.setup-timeout", "2s",
                    "livebridge.session.stall-timeout", "5m",
                    "livebridge.session.queue-bytes-down", "1000000");
        }
    }

    @Test
    void aClientThatSaysNothingIsClosed() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.awaitClosed();

            assertEquals((short) 1008, client.closeCode());
            assertEquals("setup_timeout", code(client));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "", "[]", "{\"setup\":7}", "{\"setup\":{\"model\":3}}", "{\"setup\":{},"})
    void aFirstMessageThatCannotOpenASessionIsClosedWithTheReason(String first) {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(first);

            client.awaitClosed();
            assertEquals((short) 1007, client.closeCode());
            assertEquals("bad_setup", code(client));
            assertFalse(String.valueOf(client.closeReason()).isBlank());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad_json | {\"realtime_input\":",
                "bad_shape | [1,2]",
                "bad_shape | {\"realtime_input\":{\"media_chunks\":7}}",
                "bad_mime_type | {\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"text/plain\",\"data\":\"AAAA\"}]}}",
                "bad_base64 | {\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"A*==\"}]}}",
                "bad_pcm | {\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"AAAA\"}]}}"
            })
    void badInputIsNamedAndTheConversationGoesOn(String code, String frame) {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP);

            client.send(frame);
            client.send("{\"text\":\"Thank you\"}");

            assertEquals(code, client.awaitMessage("error").at("/error/code").asText());
            client.awaitMessage("turn_complete");
            assertFalse(client.closed());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1007 | API key not valid. Please pass a valid API key. | upstream_credentials",
                "1007 | User location is not supported for the API use. | upstream_region",
                "1008 | models/x is not found for API version v1beta, or is not supported for bidiGenerateContent. | upstream_model",
                "1011 | You exceeded your current quota, please check your plan and billing details. | upstream_quota"
            })
    void aRefusalBeforeTheConversationIsSomethingOneCanActUpon(int code, String reason, String cause) {
        simulator.faults().next(new Fault.Close(code, reason, new Moment.BeforeSetupComplete()));
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP);

            client.awaitClosed();
            assertEquals(cause, code(client));
            assertTrue(
                    client.all("error")
                            .anyMatch(error -> error.get("message").asText().contains(reason.substring(0, 20))),
                    "Gemini's own words are carried along");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 429, 503})
    void aRefusedUpgradeIsExplained(int status) {
        simulator.faults().next(new Fault.RefuseUpgrade(status));
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP);

            client.awaitClosed();
            assertTrue(code(client).startsWith("upstream_"), code(client));
        }
    }

    @Test
    void anIdleConversationEnds() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP);
            client.send("{\"text\":\"Thank you\"}");

            client.awaitClosed();
            assertEquals("idle_timeout", code(client));
            assertEquals((short) 4000, client.closeCode());
        }
    }

    /** In every state: before the setup, while the model is called, while it listens, while it speaks. */
    @ParameterizedTest
    @ValueSource(strings = {"", SETUP, SETUP + "\n{\"text\":\"Tell me a story\"}"})
    void aClientThatLeavesOrVanishesLeavesNothingBehind(String frames) {
        for (boolean politely : new boolean[] {true, false}) {
            String cause = politely ? "client_closed" : "client_lost";
            double before = leaks.ended(cause);
            TestClient client = TestClient.open(vertx, server, "/");
            frames.lines().forEach(client::send);
            if (frames.contains("story")) {
                client.awaitMessage("audio");
            }
            if (politely) {
                client.close();
            } else {
                client.vanish();
            }
            leaks.awaitNone();
            assertEquals(before + 1, leaks.ended(cause), cause);
        }
    }

    @Test
    void aClientThatStopsReadingIsEndedAndNobodyElse() {
        try (TestClient slow = TestClient.open(vertx, server, "/");
                TestClient good = TestClient.open(vertx, server, "/")) {
            String echo =
                    "{\"setup\":{\"system_instruction\":{\"parts\":[{\"text\":\"livebridge-simulator: echo\"}]}}}";
            slow.send(echo);
            good.send(echo);
            slow.say(new byte[3_200]);
            good.say(new byte[3_200]);
            slow.awaitMessage("audio");
            good.awaitMessage("audio");

            slow.stopReading();
            byte[] chunk = new byte[300_000];
            // The interval keeps the client below its rate.
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        slow.say(chunk);
                        good.say(new byte[320]);
                        return leaks.ended("slow_consumer") == 1;
                    });
            byte[] last = new byte[6_400];
            good.say(last);

            await().until(() -> good.all("audio")
                    .anyMatch(audio -> Base64.getDecoder().decode(audio.asText()).length == last.length));
        }
    }

    private static String code(TestClient client) {
        return client.all("error")
                .map((JsonNode error) -> error.get("code").asText())
                .reduce((first, last) -> last)
                .orElse("no error message");
    }
}
