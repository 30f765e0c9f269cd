package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.AwaitilityDefaults;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client resumes at another instance: two processes, without a proxy. */
class HandoverIT {

    /** The page that all instances serve behind one name; tokens are valid for its origin only. */
    private static final String PAGE = "https://talk.example.com";

    private static final String ALLOWED = "-Dlivebridge.browser.allowed-origins=" + PAGE;

    private static final String AGENTS = "-Dlivebridge.agents.built-in=true";

    private static final String RESUMPTIONS = "livebridge_session_resumptions_total";
    private static final String ENDED = "livebridge_sessions_ended_total";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static Instance simulator;
    private static Instance here;
    private static Instance there;
    private static Instance stranger;

    @BeforeAll
    static void startThem() {
        vertx = Vertx.vertx();
        int simulatorPort = Ports.free();
        String key = Fleet.newKey();
        simulator = Instance.simulator("simulator", directory, simulatorPort);
        here = Instance.gateway("here", directory, simulatorPort, key, ALLOWED, AGENTS);
        there = Instance.gateway("there", directory, simulatorPort, key, ALLOWED, AGENTS);
        stranger = Instance.gateway("stranger", directory, simulatorPort, Fleet.newKey(), ALLOWED);
        simulator.awaitReady();
        here.awaitReady();
        there.awaitReady();
        stranger.awaitReady();
    }

    @AfterAll
    static void stopThem() {
        stranger.close();
        there.close();
        here.close();
        simulator.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void everybodyHasHungUp() {
        await().atMost(PATIENCE)
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> here.sessions() + there.sessions() + stranger.sessions() == 0);
    }

    @Test
    void theHolderLetsGoAndEverythingGoesAlong() {
        Caller before = Caller.call(vertx, here.port(), PAGE);
        String session = before.await("ready").path("session").asText();
        before.ask("Good morning");
        String token = before.await("resumeToken").path("token").asText();
        // Newer than the token, and only the holder knows it.
        before.ask("What is the weather like");
        before.cut();
        double handedOver = there.metric(RESUMPTIONS, "outcome=\"handed_over\"");
        double moved = here.metric(ENDED, "cause=\"moved\"");

        try (Caller after = Caller.resume(vertx, there.port(), token, PAGE)) {
            JsonNode ready = after.await("ready");

            assertEquals(session, ready.path("session").asText());
            assertTrue(ready.path("resumed").asBoolean(), ready::toString);
            assertEquals("resumed", ready.path("memory").asText());
            assertTrue(ready.path("transcript").toString().contains("What is the weather like"), ready::toString);
            after.ask("And tomorrow");
            assertEquals(handedOver + 1, there.metric(RESUMPTIONS, "outcome=\"handed_over\""));
            assertEquals(moved + 1, here.metric(ENDED, "cause=\"moved\""));
            assertEquals(0, here.sessions());
            assertEquals(1, there.sessions());
        }
    }

    @Test
    void theOlderSocketIsClosedWhenItsPersonIsElsewhere() {
        Caller before = Caller.call(vertx, here.port(), PAGE);
        before.ask("Good morning");
        String token = before.await("resumeToken").path("token").asText();

        try (Caller after = Caller.resume(vertx, there.port(), token, PAGE)) {
            after.await("ready");

            assertEquals(4002, before.awaitClose());
            // Back at the first, with a token of the second: passed on once more.
            after.ask("And tomorrow");
            String newer = after.await("resumeToken").path("token").asText();
            assertNotEquals(token, newer);
            try (Caller again = Caller.resume(vertx, here.port(), newer, PAGE)) {
                assertTrue(again.await("ready").path("transcript").toString().contains("And tomorrow"));
            }
            // The first token was used and is refused now.
            try (Caller late = Caller.resume(vertx, there.port(), token, PAGE)) {
                assertEquals("resume_refused", late.await("error").path("code").asText());
                assertEquals(4003, late.awaitClose());
            }
        }
    }

    /** Without its instruction the model would not know its role. */
    @Test
    void theAgentGoesAlongAndItsInstructionReachesNoClient() {
        Caller before = Caller.open(vertx, here.port(), "/live?agent=tutor&vars.subject=Finnish", PAGE);
        before.say("{\"setup\":{\"outputAudioTranscription\":{}}}");
        before.await("ready");
        before.ask("Who are you?");
        String token = before.await("resumeToken").path("token").asText();
        before.cut();

        try (Caller after = Caller.resume(vertx, there.port(), token, PAGE)) {
            after.await("ready");
            after.ask("Who are you?");

            assertTrue(after.words().contains("language tutor"), after::words);
            for (Caller each : List.of(before, after)) {
                assertFalse(each.received().contains("insist that"), each::received);
                assertFalse(each.received().contains("correct one"), each::received);
            }
        }
    }

    @Test
    void whenTheHolderIsDeadTheTokenHasToDo() throws InterruptedException {
        Caller before = Caller.call(vertx, here.port(), PAGE);
        String session = before.await("ready").path("session").asText();
        before.ask("Good morning");
        String token = before.await("resumeToken").path("token").asText();
        double byToken = there.metric(RESUMPTIONS, "outcome=\"token\"");
        here.crash();
        before.awaitClose();

        try (Caller after = Caller.resume(vertx, there.port(), token, PAGE)) {
            JsonNode ready = after.await("ready");

            assertEquals(session, ready.path("session").asText());
            assertEquals("resumed", ready.path("memory").asText());
            after.ask("And tomorrow");
            assertEquals(byToken + 1, there.metric(RESUMPTIONS, "outcome=\"token\""));
        } finally {
            here.restart();
        }
    }

    /** After a token was used at one instance, a copy of it is refused at all instances. */
    @Test
    void aCopyOfAUsedTokenIsRefusedByAll() {
        Caller before = Caller.call(vertx, here.port(), PAGE);
        before.ask("Good morning");
        String token = before.await("resumeToken").path("token").asText();
        before.cut();

        try (Caller owner = Caller.resume(vertx, there.port(), token, PAGE)) {
            owner.await("ready");
            owner.ask("And tomorrow");
            for (Instance each : List.of(here, there)) {
                try (Caller thief = Caller.resume(vertx, each.port(), token, PAGE)) {
                    assertEquals(
                            "resume_refused", thief.await("error").path("code").asText());
                    assertEquals(4003, thief.awaitClose());
                }
            }
            assertTrue(owner.isOpen());
            owner.ask("And the day after");
            assertEquals(1, there.sessions());
        }
    }

    /** A client's token is refused as a request of an instance. */
    @Test
    void aTokenThatIsPostedToTheManagementPortChangesNothing() {
        try (Caller caller = Caller.call(vertx, here.port(), PAGE)) {
            caller.ask("Good morning");
            String token = caller.await("resumeToken").path("token").asText();

            int status = RestAssured.given()
                    .contentType("text/plain")
                    .body(token)
                    .post("http://127.0.0.1:" + here.managementPort() + "/q/livebridge/handover")
                    .statusCode();

            assertEquals(404, status);
            assertEquals(1, here.metric(RESUMPTIONS, "outcome=\"refused_misused\""));
            caller.ask("And tomorrow");
        }
    }

    @Test
    void withOtherKeysATokenIsWorthNothingAndTheConversationStaysWhereItIs() {
        try (Caller before = Caller.call(vertx, here.port(), PAGE)) {
            before.ask("Good morning");
            String token = before.await("resumeToken").path("token").asText();

            try (Caller after = Caller.resume(vertx, stranger.port(), token, PAGE)) {
                assertEquals("resume_refused", after.await("error").path("code").asText());
            }

            assertEquals(1, stranger.metric(RESUMPTIONS, "outcome=\"refused_unknown_key\""));
            assertTrue(before.isOpen());
            before.ask("And tomorrow");
            assertFalse(stranger.output().contains(token), "a token is a secret");
            assertFalse(here.output().contains(token), "a token is a secret");
        }
    }
}
