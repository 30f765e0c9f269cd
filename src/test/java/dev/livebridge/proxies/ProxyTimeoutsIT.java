package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Idle timeouts of proxies on long-lived connections, and the pings that prevent them. */
class ProxyTimeoutsIT {

    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final String NO_PINGS = "-Dlivebridge.session.ping-interval=1h";
    /** The service refuses to start if its idle timeout is too short for its ping interval. */
    private static final String PATIENT = "-Dquarkus.http.idle-timeout=3h";

    private static final String PINGS = "-Dlivebridge.session.ping-interval=1s";

    @TempDir
    static Path instances;

    private static Vertx vertx;
    private static Instance pinging;
    private static Instance silent;

    @TempDir
    Path directory;

    @BeforeAll
    static void startTheInstances() {
        for (Proxy.Kind kind : Proxy.Kind.values()) {
            kind.find();
        }
        vertx = Vertx.vertx();
        pinging = Instance.simulator("pinging", instances, Ports.free(), PINGS);
        silent = Instance.simulator("silent", instances, Ports.free(), NO_PINGS, PATIENT);
        pinging.awaitReady();
        silent.awaitReady();
    }

    @AfterAll
    static void stopTheInstances() {
        if (vertx != null) {
            silent.close();
            pinging.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSilentConversationOutlivesTheProxysIdleTimeoutBecauseOfThePings(Proxy.Kind kind)
            throws IOException, InterruptedException {
        try (Proxy proxy = Proxy.start(kind, directory, List.of(pinging), IDLE);
                Caller caller = Caller.call(vertx, proxy.port())) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !caller.isOpen() || caller.age().compareTo(IDLE.multipliedBy(3)) > 0);

            assertTrue(caller.isOpen(), () -> "cut after " + caller.age());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutPingsTheProxyCutsItWithoutAWord(Proxy.Kind kind) throws IOException, InterruptedException {
        try (Proxy proxy = Proxy.start(kind, directory, List.of(silent), IDLE);
                Caller caller = Caller.call(vertx, proxy.port())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !caller.isOpen());

            assertTrue(caller.age().compareTo(IDLE.minusMillis(500)) > 0, () -> "cut after " + caller.age());
            assertFalse(caller.wasToldWhy());
        }
    }

    @Test
    void aProxyThatDoesNotPassTheUpgradeOnIsToldSoByAStatus() throws IOException, InterruptedException {
        try (Proxy proxy = Proxy.nginx(directory, List.of(pinging), IDLE, false)) {
            CompletionException failed =
                    assertThrows(CompletionException.class, () -> Caller.call(vertx, proxy.port()));

            UpgradeRejectedException refused = assertInstanceOf(UpgradeRejectedException.class, failed.getCause());
            assertEquals(400, refused.getStatus());
        }
    }
}
