package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Fault.Moment;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every fault of the upstream connection, in every state of the session: the session continues or ends with the right
 * cause.
 */
@QuarkusTest
@Tag("slow")
@TestProfile(UpstreamFaultsTest.Quick.class)
class UpstreamFaultsTest extends BridgeFixture {

    private static final Logger LOG = Logger.getLogger(UpstreamFaultsTest.class);
    private static final Moment NOW = new Moment.AfterSetupComplete(Duration.ZERO);
    private static final String BAD_KEY = "API key not valid. Please pass a valid API key.";

    /** A simulator without delays, and limits that a test can reach. */
    public static class Quick implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.simulator.setup-delay", "50ms",
                    "livebridge.simulator.first-audio-delay", "100ms",
                    "livebridge.upstream.stall-timeout", "2s",
                    // The clients that stop reading shall fill their queues.
                    "livebridge.session.stall-timeout", "5m",
                    "livebridge.session.queue-bytes-down", "4000000",
                    "livebridge.session.memory-per-instance", "12000000");
        }
    }

    /** The state of the session when the fault occurs. */
    enum Scene {
        LISTENING,
        USER_SPEAKS,
        MODEL_SPEAKS,
        TOOL_PENDING
    }

    /** The fault of the connection. */
    enum Upset {
        INTERNAL_ERROR,
        DEADLINE,
        ABORTED,
        NORMAL_CLOSE,
        DROP,
        GO_AWAY,
        KEY_WITHDRAWN;

        Fault.Event event() {
            return switch (this) {
                case INTERNAL_ERROR -> new Fault.Close(1011, "Internal error encountered.", NOW);
                case DEADLINE -> new Fault.Close(1011, "Deadline expired before operation could complete.", NOW);
                case ABORTED -> new Fault.Close(1008, "The operation was aborted.", NOW);
                case NORMAL_CLOSE -> new Fault.Close(1000, "", NOW);
                case DROP -> new Fault.Drop(NOW);
                case GO_AWAY -> new Fault.GoAway(Duration.ofSeconds(3), NOW);
                case KEY_WITHDRAWN -> new Fault.Close(1007, BAD_KEY, NOW);
            };
        }
    }

    @Test
    void everyUpsetInEveryScene() throws InterruptedException {
        byte[] reference = undisturbedAnswer();
        List<String> cases = new ArrayList<>();
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Scene scene : Scene.values()) {
                for (Upset upset : Upset.values()) {
                    cases.add(scene + " x " + upset);
                    runs.add(threads.submit(() -> play(scene, upset, reference)));
                }
            }
        }

        List<String> failures = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            try {
                runs.get(i).get();
            } catch (ExecutionException e) {
                failures.add(cases.get(i) + ": " + e.getCause());
                LOG.error(cases.get(i), e.getCause());
            }
        }
        assertEquals(List.of(), failures);
    }

    private void play(Scene scene, Upset upset, byte[] reference) {
        String name = scene + "-" + upset;
        try (TestClient client = begin(name)) {
            set(scene, client);

            assertEquals(1, simulator.faults().now(name, upset.event()));

            if (upset == Upset.KEY_WITHDRAWN) {
                client.awaitClosed();
                JsonNode error = client.ofType("error").getLast();
                assertEquals("upstream_credentials", error.path("code").asText());
                assertTrue(error.path("fatal").asBoolean());
                return;
            }
            awaitReady(client, "resumed");
            assertAftermath(scene, client);
            assertStillKnowsTheName(client, reference);
            assertEquals(1, client.ofType("ready").size(), "the client sees one conversation");
        }
    }

    static void set(Scene scene, TestClient client) {
        switch (scene) {
            case LISTENING -> {}
            case USER_SPEAKS -> {
                client.speak(Sound.speech(600));
                client.awaitTypes("voiceActivity", 1);
            }
            case MODEL_SPEAKS -> {
                client.send("{\"text\":\"Tell me a story\"}");
                Awaitility.await().until(() -> client.voice(2).length > 20_000);
            }
            case TOOL_PENDING -> {
                client.send("{\"text\":\"Please lookup the weather\"}");
                client.awaitTypes("toolCall", 1);
            }
        }
    }

    private static void assertAftermath(Scene scene, TestClient client) {
        switch (scene) {
            case LISTENING -> assertEquals(1, client.ofType("turnComplete").size());
            case USER_SPEAKS -> {
                // The sentence goes on, and its end is answered
                int before = client.ofType("turnComplete").size();
                client.speak(Sound.speech(600));
                client.speak(Sound.silence(1_500));
                client.awaitTypes("turnComplete", before + 1);
            }
            case MODEL_SPEAKS -> {
                assertEquals(
                        "CONNECTION_LOST",
                        client.awaitTypes("turnComplete", 2)
                                .get(1)
                                .path("reason")
                                .asText());
            }
            case TOOL_PENDING -> {
                JsonNode call = client.ofType("toolCall").getLast().at("/calls/0/id");
                assertEquals(
                        call,
                        client.awaitTypes("toolCallCancellation", 1).getLast().at("/ids/0"));
                String result = "{\"toolResponse\":{\"functionResponses\":[{\"id\":" + call
                        + ",\"name\":\"lookup\",\"response\":{\"output\":\"sunny\"}}]}}";
                int answers = client.ofType("turnComplete").size();
                client.send(result);
                client.awaitTypes("turnComplete", answers + 1);
                assertEquals(0, client.ofType("error").size(), "the model gets the function's result");
                client.send(result);
                JsonNode error = client.awaitTypes("error", 1).getLast();
                assertEquals("tool_call_gone", error.path("code").asText());
                assertFalse(error.path("fatal").asBoolean());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1011 | Internal error encountered. | upstream_lost",
                "1011 | You exceeded your current quota, please check your plan and billing details. | upstream_quota",
                "1007 | API key not valid. Please pass a valid API key. | upstream_credentials",
                "0 | | upstream_unreachable"
            })
    void whileTheModelIsCalledForTheFirstTimeTheCauseIsTold(int code, String reason, String cause) {
        Moment setup = new Moment.BeforeSetupComplete();
        simulator.faults().next(code == 0 ? new Fault.Drop(setup) : new Fault.Close(code, reason, setup));
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{}}");

            client.awaitClosed();
            assertEquals(cause, client.ofType("error").getLast().path("code").asText());
        }
    }

    @ParameterizedTest
    @CsvSource({"internal, resumed", "drop, resumed", "503, resumed", "invalid handle, rebuilt", "not found, rebuilt"})
    void whileTheConnectionIsRenewed(String what, String memory) {
        byte[] reference = undisturbedAnswer();
        Moment setup = new Moment.BeforeSetupComplete();
        try (TestClient client = begin("renewal")) {
            simulator
                    .faults()
                    .next(
                            switch (what) {
                                case "internal" -> new Fault.Close(1011, "Internal error encountered.", setup);
                                case "drop" -> new Fault.Drop(setup);
                                case "503" -> new Fault.RefuseUpgrade(503);
                                case "invalid handle" -> new Fault.Close(1007, "Invalid session handle", setup);
                                default -> new Fault.Close(1008, "BidiGenerateContent session not found", setup);
                            });

            simulator.faults().now("renewal", Upset.GO_AWAY.event());

            awaitReady(client, memory);
            assertEquals(
                    List.of("renewing", "reconnecting", "ready"),
                    client.ofType("upstream").stream()
                            .map(message -> message.path("state").asText())
                            .toList());
            assertStillKnowsTheName(client, reference);
        }
    }

    /** The way in which Gemini's SDKs send text. */
    @Test
    void whatWasSaidInClientContentIsToldToARebuiltConversation() {
        byte[] reference = undisturbedAnswer();
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{\"systemInstruction\":{\"parts\":[{\"text\":\"content\"}]},"
                    + "\"outputAudioTranscription\":{}}}");
            client.send("{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"My name is Ada\"}]}],"
                    + "\"turnComplete\":true}}");
            assertEquals(1, client.awaitTypes("turnComplete", 1).size(), "the name was not taken note of");
            simulator.faults().next(new Fault.Close(1007, "Invalid session handle", new Moment.BeforeSetupComplete()));

            simulator.faults().now("content", Upset.GO_AWAY.event());

            awaitReady(client, "rebuilt");
            assertStillKnowsTheName(client, reference);
        }
    }

    @Test
    void aKeyThatIsWithdrawnDuringARenewalEndsTheTalkWithThatCause() {
        try (TestClient client = begin("renewal")) {
            simulator.faults().next(new Fault.Close(1007, BAD_KEY, new Moment.BeforeSetupComplete()));

            simulator.faults().now("renewal", Upset.GO_AWAY.event());

            client.awaitClosed();
            assertEquals(
                    "upstream_credentials",
                    client.ofType("error").getLast().path("code").asText());
        }
    }

    @Test
    void aHandleThatOnlyLeadsToInternalErrorsIsGivenUp() {
        byte[] reference = undisturbedAnswer();
        Fault broken = new Fault.Close(1011, "Internal error occurred.", new Moment.AfterSetupComplete(Duration.ZERO));
        try (TestClient client = begin("internal")) {
            simulator.faults().next(broken);

            simulator.faults().now("internal", Upset.INTERNAL_ERROR.event());

            Awaitility.await()
                    .until(() -> client.ofType("upstream").stream()
                            .anyMatch(message -> message.path("memory").asText().equals("rebuilt")));
            assertStillKnowsTheName(client, reference);
        }
    }

    @Test
    void aPoisonedResumeIsRebuiltAndAnswers() {
        byte[] reference = undisturbedAnswer();
        try (TestClient client = begin("poisoned")) {
            simulator.faults().next(new Fault.Poisoned());
            simulator.faults().now("poisoned", Upset.DROP.event());
            awaitReady(client, "resumed");

            client.speak(Sound.speech(600));
            client.speak(Sound.silence(1_500));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(25))
                    .until(() -> client.ofType("upstream").stream()
                            .anyMatch(message -> message.path("memory").asText().equals("rebuilt")));
            assertStillKnowsTheName(client, reference);
        }
    }

    @Test
    void theTutorialsPagesNoticeNothing() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{\"system_instruction\":{\"parts\":[{\"text\":\"tutorial\"}]}}}");
            client.send("{\"text\":\"My name is Ada\"}");
            client.awaitMessage("turn_complete");

            simulator.faults().now("tutorial", Upset.DROP.event());
            Awaitility.await().until(() -> simulator.faults().now("tutorial", new Fault.HugeMessage(6_000, NOW)) == 1);
            client.send("{\"text\":\"What is my name?\"}");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> client.all("turn_complete").count() == 2);
            assertEquals(0, client.all("error").count());
            assertFalse(client.closed());
        }
    }

    // ---- words -----------------------------------------------------------------------------------------------

    private TestClient begin(String name) {
        return begin(vertx, server, name);
    }

    /** A conversation in which the model knows a name; its upstream connection is identified by that name. */
    static TestClient begin(Vertx vertx, URI server, String name) {
        TestClient client = TestClient.open(vertx, server, "/live");
        client.send("{\"setup\":{\"systemInstruction\":{\"parts\":[{\"text\":\"" + name + "\"}]},"
                + "\"inputAudioTranscription\":{},\"outputAudioTranscription\":{},"
                + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"lookup\",\"behavior\":\"BLOCKING\"}]}]}}");
        client.send("{\"text\":\"My name is Ada\"}");
        assertEquals(1, client.awaitTypes("turnComplete", 1).size(), "the name was not taken note of");
        return client;
    }

    private byte[] undisturbedAnswer() {
        try (TestClient client = begin("undisturbed")) {
            return answer(client);
        }
    }

    /** The complete audio of "Your name is Ada." */
    private static byte[] answer(TestClient client) {
        int complete = client.ofType("turnComplete").size();
        client.send("{\"text\":\"What is my name?\"}");
        List<JsonNode> ends = client.awaitTypes("turnComplete", complete + 1);
        assertEquals(complete + 1, ends.size(), "no answer");
        int turn = ends.getLast().path("turn").asInt();
        String words = String.join(
                "",
                client.ofType("transcript").stream()
                        .filter(each -> each.path("turn").asInt() == turn
                                && each.path("role").asText().equals("model"))
                        .map(each -> each.path("text").asText())
                        .toList());
        assertEquals("Your name is Ada.", words);
        assertFalse(ends.getLast().has("reason"), ends.getLast().toString());
        return client.voice(turn);
    }

    private static void assertStillKnowsTheName(TestClient client, byte[] reference) {
        byte[] answer = answer(client);
        assertArrayEquals(reference, answer, "nothing lost, nothing doubled: " + Arrays.hashCode(answer));
    }

    private static void awaitReady(TestClient client, String memory) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> client.ofType("upstream").stream()
                        .anyMatch(message -> message.path("state").asText().equals("ready")));
        assertEquals(memory, client.ofType("upstream").getLast().path("memory").asText());
    }
}
