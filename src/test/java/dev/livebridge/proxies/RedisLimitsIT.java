package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.limits.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances count in one real Redis: all of it holds while they, or it, come and go. */
class RedisLimitsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PAGE = "https://talk.example.com";

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static RedisServer redis;
    private static Path rules;
    private static Instance simulator;
    private static Instance here;
    private static Instance there;

    @BeforeAll
    static void startThem() throws IOException {
        redis = RedisServer.start();
        vertx = Vertx.vertx();
        rules = Files.writeString(directory.resolve("access.yaml"), "rules:\n  - {name: free}\n");
        Path salt = Files.writeString(directory.resolve("salt"), "0123456789abcdef0123456789abcdef");
        int simulatorPort = Ports.free();
        String key = Fleet.newKey();
        String[] settings = {
            "-Dlivebridge.browser.allowed-origins=" + PAGE,
            "-Dlivebridge.access.mode=open",
            "-Dlivebridge.access.rules-file=" + rules,
            "-Dlivebridge.access.subject-salt-file=" + salt,
            "-Dlivebridge.limits.store=redis",
            "-Dlivebridge.limits.lease=6s",
            "-Dlivebridge.drain.spread=0s",
            "-Dquarkus.redis.hosts=" + redis.url(),
        };
        simulator = Instance.simulator("simulator", directory, simulatorPort);
        here = Instance.gateway("here", directory, simulatorPort, key, settings);
        there = Instance.gateway("there", directory, simulatorPort, key, settings);
        simulator.awaitReady();
        here.awaitReady();
        there.awaitReady();
    }

    @AfterAll
    static void stopThem() {
        for (Instance instance : new Instance[] {there, here, simulator}) {
            if (instance != null) {
                instance.close();
            }
        }
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @AfterEach
    void everyConversationIsOver() {
        await().atMost(PATIENCE).until(() -> here.sessions() + there.sessions() == 0);
    }

    /** Limits of one address, which both instances see as the same; they hold once both have read them. */
    private static void limits(String name, String limits) throws IOException {
        Files.writeString(rules, "rules:\n  - {name: none, when: {kinds: [key]}}\n");
        await().atMost(PATIENCE).until(() -> refused(here) == 403 && refused(there) == 403);
        Files.writeString(rules, "rules:\n  - name: " + name + "\n    limits: {subject: {" + limits + "}}\n");
        await().atMost(PATIENCE).until(() -> refused(here) == 0 && refused(there) == 0);
        await().atMost(PATIENCE).until(() -> redis.leases() == 0);
    }

    /** The status of a refused upgrade, 0 when it is granted. */
    private static int refused(Instance instance) {
        try (Caller caller = Caller.open(vertx, instance.port(), "/live", PAGE)) {
            assertTrue(caller.isOpen());
            return 0;
        } catch (CompletionException failure) {
            return assertInstanceOf(UpgradeRejectedException.class, failure.getCause())
                    .getStatus();
        }
    }

    @RepeatedTest(2)
    void ofAHundredUpgradesAtTwoInstancesExactlyAsManyAreGrantedAsMayBe() throws IOException {
        limits("seven", "conversations: 7");
        List<Caller> admitted = new ArrayList<>();
        int refused = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Caller>> upgrades = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> Caller.open(vertx, (i % 2 == 0 ? here : there).port(), "/live", PAGE), threads))
                    .toList();
            for (CompletableFuture<Caller> upgrade : upgrades) {
                try {
                    admitted.add(upgrade.join());
                } catch (CompletionException no) {
                    refused++;
                }
            }
            assertEquals(7, admitted.size());
            assertEquals(93, refused);
        } finally {
            admitted.forEach(Caller::close);
        }
    }

    @Test
    void aCallerWithOneConversationGetsThroughARollingRestart() throws Exception {
        limits("one", "conversations: 1");
        Caller caller = Caller.call(vertx, here.port(), PAGE);
        String session = caller.await("ready").path("session").asText();
        caller.ask("Good morning");
        for (Instance leaving : List.of(here, there)) {
            Instance other = leaving == here ? there : here;
            CompletableFuture<Void> restarted = CompletableFuture.runAsync(() -> {
                try {
                    leaving.restart();
                } catch (InterruptedException stopped) {
                    throw new CompletionException(stopped);
                }
            });
            String token = caller.await("migrate").path("token").asText();

            Caller next = Caller.resume(vertx, other.port(), token, PAGE);

            JsonNode ready = next.await("ready");
            assertEquals(session, ready.path("session").asText());
            caller.awaitClose();
            next.ask("And tomorrow");
            restarted.join();
            assertEquals(429, refused(leaving), "it is still the one conversation that may be");
            caller = next;
        }
        caller.close();
    }

    @Test
    void anInstanceThatIsKilledGivesItsPlacesBackAndItsCallerGoesOnAtOnce() throws Exception {
        limits("killed", "conversations: 2");
        Caller goesOn = Caller.call(vertx, here.port(), PAGE);
        Caller givesUp = Caller.call(vertx, here.port(), PAGE);
        goesOn.ask("Good morning");
        String session = goesOn.await("ready").path("session").asText();
        String token = goesOn.await("resumeToken").path("token").asText();
        assertEquals(429, refused(there));

        here.crash();
        goesOn.awaitClose();
        givesUp.awaitClose();
        try (Caller after = Caller.resume(vertx, there.port(), token, PAGE)) {
            assertEquals(session, after.await("ready").path("session").asText());
            after.ask("And tomorrow");
            await().atMost(PATIENCE).until(() -> refused(there) == 0);
        } finally {
            here.restart();
        }
    }

    @Test
    void aRedisThatIsKilledCutsNoConversationAndRefusesNewOnes() throws IOException {
        limits("away", "conversations: 2, tokens-per-day: 100000000");
        try (Caller caller = Caller.call(vertx, here.port(), PAGE)) {
            caller.ask("Good morning");

            redis.kill();

            await().atMost(PATIENCE).until(() -> refused(there) == 503);
            caller.ask("And tomorrow");
            await().atMost(PATIENCE).until(() -> here.metric("livebridge_limit_store_available", "") == 0);
            String token = caller.await("resumeToken").path("token").asText();
            caller.cut();
            try (Caller back = Caller.resume(vertx, there.port(), token, PAGE)) {
                back.await("ready");
                back.ask("And the day after");

                redis.restart();

                await().atMost(PATIENCE).until(() -> refused(here) == 0);
                await().atMost(PATIENCE).until(() -> there.metric("livebridge_limit_store_available", "") == 1);
                back.ask("And then");
            }
        }
    }
}
