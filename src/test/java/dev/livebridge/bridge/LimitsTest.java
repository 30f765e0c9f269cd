package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.limits.CallerLimits;
import dev.livebridge.simulator.Fault;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.http.UpgradeRejectedException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a caller may use, at the upgrade and within the conversation; the rules change while the service runs. */
@QuarkusTest
@TestProfile(LimitsTest.WithRules.class)
class LimitsTest extends BridgeFixture {

    @Inject
    AccessRules access;

    @Inject
    CallerLimits limits;

    private static final String FREE = "rules:\n  - {name: free}\n";

    /** A service with a rules file. */
    public static class WithRules implements QuarkusTestProfile {

        static final Path FILE = file();

        private static Path file() {
            try {
                Path file = Files.createTempFile("access", ".yaml");
                file.toFile().deleteOnExit();
                return Files.writeString(file, FREE);
            } catch (IOException noFile) {
                throw new UncheckedIOException(noFile);
            }
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("livebridge.access.rules-file", FILE.toString());
        }
    }

    @AfterEach
    void rulesAreFree() {
        rules("free", "");
    }

    /** Puts a rule into force and waits until it is. The name tells it from the one before. */
    private void rules(String name, String rest) {
        try {
            Files.writeString(WithRules.FILE, "rules:\n  - name: " + name + "\n" + rest);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> access.current().rules().getFirst().name().equals(name));
    }

    private TestClient open() {
        return TestClient.open(vertx, server, "/live");
    }

    private UpgradeRejectedException refusal() {
        return refusal("/live");
    }

    private UpgradeRejectedException refusal(String path) {
        return refusal(() -> TestClient.open(vertx, server, path));
    }

    private static UpgradeRejectedException refusal(Supplier<TestClient> open) {
        try (TestClient _ = open.get()) {
            throw new AssertionError("admitted");
        } catch (CompletionException refused) {
            return assertInstanceOf(UpgradeRejectedException.class, refused.getCause());
        }
    }

    private static JsonNode typed(TestClient client, String type) {
        return client.awaitMessage(message -> message.path("type").asText().equals(type));
    }

    private static long count(TestClient client, String type) {
        return client.received().stream()
                .filter(message -> message.path("type").asText().equals(type))
                .count();
    }

    private static void ask(TestClient client, String text) {
        long before = count(client, "turnComplete");
        client.send("{\"text\":\"" + text + "\"}");
        // A budget that is used up ends the conversation before the question is answered.
        await().atMost(Duration.ofSeconds(20)).until(() -> count(client, "turnComplete") > before || client.closed());
    }

    @Test
    void ofAHundredUpgradesAtOnceExactlyAsManyAreGrantedAsMayBe() {
        rules("seven", "    limits: {subject: {conversations: 7}}\n");
        List<TestClient> admitted = new ArrayList<>();
        int refused = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<TestClient>> upgrades = IntStream.range(0, 100)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(this::open, threads))
                    .toList();
            for (CompletableFuture<TestClient> upgrade : upgrades) {
                try {
                    admitted.add(upgrade.join());
                } catch (CompletionException no) {
                    Throwable cause =
                            no.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : no.getCause();
                    UpgradeRejectedException refusal = assertInstanceOf(UpgradeRejectedException.class, cause);
                    assertEquals(429, refusal.getStatus());
                    assertTrue(refusal.getHeaders().contains("Retry-After"));
                    refused++;
                }
            }
            assertEquals(7, admitted.size());
            assertEquals(93, refused);
        } finally {
            admitted.forEach(TestClient::close);
        }
        leaks.awaitNone();
        await().until(() -> {
            try (TestClient next = open()) {
                return !next.closed();
            } catch (CompletionException stillFull) {
                return false;
            }
        });
    }

    @Test
    void aSocketThatBeginsNothingGivesItsPlaceBack() {
        rules("one", "    limits: {subject: {conversations: 1}}\n");
        TestClient silent = open();
        assertEquals(429, refusal().getStatus());

        silent.vanish();

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            try (TestClient next = open()) {
                return !next.closed();
            } catch (CompletionException stillFull) {
                return false;
            }
        });
    }

    @Test
    void tooManyStartsAreRefusedUntilTheyAreAMinuteOld() {
        rules("starts", "    limits: {subject: {starts-per-minute: 2}}\n");
        // The starts of other tests are counted at another address.
        Supplier<TestClient> open = () -> TestClient.openFrom(vertx, server, "/live", "127.0.0.2");
        open.get().close();
        open.get().close();

        UpgradeRejectedException refusal = refusal(open);

        assertEquals(429, refusal.getStatus());
        int wait = Integer.parseInt(refusal.getHeaders().get("Retry-After"));
        assertTrue(wait > 0 && wait <= 60, "Retry-After " + wait);
    }

    @Test
    void aCallerWithoutARuleAndADialectThatIsNotAllowedAreForbidden() {
        rules("keys", "    when: {kinds: [key]}\n");
        assertEquals(403, refusal().getStatus());
        rules("live", "    may: {dialects: [live]}\n");

        assertEquals(403, refusal("/").getStatus());
        open().close();
    }

    @Test
    void aConversationEndsWithTheFirstReportThatReachesItsTokens() {
        rules("tokens", "    limits: {conversation: {tokens: 400}}\n");
        try (TestClient client = open()) {
            client.send("{\"setup\":{}}");
            typed(client, "ready");
            while (!client.closed() && count(client, "turnComplete") < 20) {
                ask(client, "Thank you");
                long used = used(client);
                if (used >= 400) {
                    break;
                }
            }
            client.awaitClosed();

            JsonNode error = typed(client, "error");
            assertEquals("budget", error.path("code").asText());
            assertEquals((short) 4004, client.closeCode());
            List<Long> sums = sums(client);
            assertTrue(sums.getLast() >= 400, sums.toString());
            assertTrue(
                    sums.size() == 1 || sums.get(sums.size() - 2) < 400, "the first report that reaches it: " + sums);
            assertEquals(count(client, "turnComplete"), sums.size(), "the reply was heard to its end");
        }
    }

    private static long used(TestClient client) {
        return sums(client).isEmpty() ? 0 : sums(client).getLast();
    }

    private static List<Long> sums(TestClient client) {
        List<Long> sums = new ArrayList<>();
        long sum = 0;
        for (JsonNode message : client.received()) {
            if (message.path("type").asText().equals("usage")) {
                sum += message.path("totalTokens").asLong();
                sums.add(sum);
            }
        }
        return sums;
    }

    @Test
    void theSumSurvivesARotation() {
        rules("rotated", "    limits: {conversation: {tokens: 400}}\n");
        try (TestClient client = open()) {
            client.send("{\"setup\":{}}");
            typed(client, "ready");
            ask(client, "Thank you");
            // The report follows the turn's end.
            await().atMost(Duration.ofSeconds(20)).until(() -> used(client) > 0);
            long before = used(client);
            assertTrue(before < 400, "used " + before);
            simulator.faults().now("", new Fault.Drop(new Fault.Moment.AfterSetupComplete(Duration.ZERO)));
            client.awaitMessage(message -> message.path("type").asText().equals("upstream")
                    && message.path("state").asText().equals("ready"));
            for (int i = 0; i < 20 && used(client) < 400; i++) {
                ask(client, "Thank you");
            }

            client.awaitClosed();
            assertEquals((short) 4004, client.closeCode());
        }
    }

    @Test
    void aWarningComesBeforeTheEnd() {
        rules("warned", "    limits: {conversation: {minutes: 1, tokens: 300}}\n");
        try (TestClient client = open()) {
            client.send("{\"setup\":{}}");
            typed(client, "ready");
            for (int i = 0; i < 30 && !client.closed(); i++) {
                client.send("{\"text\":\"Hi\"}");
                long turns = count(client, "turnComplete");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> client.closed() || count(client, "turnComplete") > turns);
            }
            client.awaitClosed();

            if (count(client, "warning") == 0) {
                List<Long> sums = sums(client);
                assertTrue(sums.size() < 2 || sums.get(sums.size() - 2) < 240, "one report went past both: " + sums);
            } else {
                JsonNode warning = typed(client, "warning");
                assertEquals("budget", warning.path("code").asText());
                assertFalse(warning.has("inMs"));
            }
        }
    }

    @Test
    void withoutReportsTheEstimateIsWithinATenthOfWhatTheModelWouldHaveSaid() {
        rules("counted", "    limits: {subject: {tokens-per-day: 1000000000}}\n");
        long reported = talk();
        simulator.faults().next(new Fault.MissingUsage());
        long estimated = talk();

        assertTrue(
                Math.abs(estimated - reported) <= reported / 10, "reported " + reported + ", estimated " + estimated);
    }

    /** The same conversation, and what its budget has counted. */
    private long talk() {
        long before = usedToday();
        try (TestClient client = open()) {
            client.send("{\"setup\":{}}");
            typed(client, "ready");
            for (int i = 0; i < 3; i++) {
                ask(client, "Please tell me a little about the weather in the mountains");
            }
        }
        leaks.awaitNone();
        return usedToday() - before;
    }

    private static JsonNode json(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJsonException notJson) {
            throw new AssertionError(notJson);
        }
    }

    private long usedToday() {
        Caller caller = new Caller("open:7f000001", CallerKind.OPEN, Set.of(), "", null, Caller.DEFAULT_RULE);
        String usage =
                limits.usage(caller).toCompletableFuture().join().orElseThrow().text();
        return json(usage).at("/limits/0/used").asLong();
    }

    @Test
    void aDayThatIsUsedUpRefusesTheNextConversation() {
        rules("day", "    limits: {subject: {tokens-per-day: 1}}\n");
        try (TestClient client = open()) {
            client.send("{\"setup\":{}}");
            typed(client, "ready");
            ask(client, "Thank you");
            client.awaitClosed();
            assertEquals((short) 4004, client.closeCode());
            assertTrue(typed(client, "error").path("retryAfter").asLong() > 0);
        }
        leaks.awaitNone();

        UpgradeRejectedException refusal = refusal();

        assertEquals(429, refusal.getStatus());
        assertTrue(Long.parseLong(refusal.getHeaders().get("Retry-After"))
                <= Duration.ofDays(1).toSeconds());
    }

    @Test
    void aCallerWithOneConversationMayResumeItAndBeginNoOther() {
        rules("single", "    limits: {subject: {conversations: 1}}\n");
        TestClient first = open();
        first.send("{\"setup\":{}}");
        String session = typed(first, "ready").path("session").asText();
        String token = typed(first, "resumeToken").path("token").asText();
        first.vanish();
        assertEquals(429, refusal().getStatus(), "its conversation waits for it");

        try (TestClient begins = TestClient.open(vertx, server, "/live?resume")) {
            begins.send("{\"setup\":{}}");
            begins.awaitClosed();
            assertEquals((short) 1013, begins.closeCode());
            assertEquals("concurrency", typed(begins, "error").path("code").asText());
        }
        try (TestClient second = TestClient.open(vertx, server, "/live?resume=")) {
            second.send("{\"resume\":{\"token\":\"" + token + "\"}}");
            assertEquals(session, typed(second, "ready").path("session").asText());
            assertTrue(typed(second, "ready").path("resumed").asBoolean());
        }
    }

    @Test
    void aCallerAsksWhatItHasUsed() {
        rules("asked", "    limits: {subject: {conversations: 2}}\n");
        try (TestClient client = open()) {
            assertFalse(client.closed());

            RestAssured.given()
                    .get(server.resolve("/api/usage"))
                    .then()
                    .statusCode(200)
                    .header("Cache-Control", "no-store")
                    .body("rule", equalTo("asked"))
                    .body("limits[0].scope", equalTo("address"))
                    .body("limits[0].kind", equalTo("conversations"))
                    .body("limits[0].used", equalTo(1))
                    .body("limits[0].left", equalTo(1));
        }
        rules("none", "    when: {kinds: [key]}\n");

        RestAssured.given()
                .get(server.resolve("/api/usage"))
                .then()
                .statusCode(403)
                .body("error.code", equalTo("forbidden"));
        RestAssured.given()
                .header("Origin", "https://evil.example")
                .get(server.resolve("/api/usage"))
                .then()
                .statusCode(403);
    }

    @Test
    void aCallerThatBeginsIsToldBeforeTheUpgradeThatNothingIsLeft() {
        rules("one", "    limits: {subject: {conversations: 1}}\n");
        asked("?begins=true").body("admitted", equalTo(true));
        try (TestClient client = open()) {
            assertFalse(client.closed());

            asked("?begins=true")
                    .body("admitted", equalTo(false))
                    .body("reason", equalTo("concurrency"))
                    .body("$", not(hasKey("retryAfterMs")));
            asked("").body("admitted", equalTo(true));
            asked("?begins=perhaps").body("admitted", equalTo(true));
        }

        rules("slowly", "    limits: {subject: {starts-per-minute: 1}}\n");
        try (TestClient client = open()) {
            assertFalse(client.closed());

            asked("?begins=true")
                    .body("admitted", equalTo(false))
                    .body("reason", equalTo("rate"))
                    .body("retryAfterMs", equalTo(60_000));
        }
    }

    private ValidatableResponse asked(String query) {
        return RestAssured.given()
                .get(server.resolve("/api/session" + query))
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store");
    }
}
