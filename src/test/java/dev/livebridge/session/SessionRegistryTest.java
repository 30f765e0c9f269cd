package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.SubjectHash;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionRegistryTest {

    private static SessionRegistry registry(Map<String, String> settings) {
        LivebridgeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(LivebridgeConfig.class);
        return new SessionRegistry(
                config,
                new Meters(new SimpleMeterRegistry()),
                Tracing.off(),
                FakeModel.speaking(),
                FakeTokens.at(null, Instant::now),
                (holder, request) -> new HandoverPeers.Handover.Unknown(),
                new SubjectHash(new byte[] {1}));
    }

    @Test
    void aSessionHasTheIdUnderWhichItIsCountedAndGivesItsPlaceBackAtItsEnd() {
        SessionRegistry registry = registry(Map.of());
        try {
            FakeBudget budget = new FakeBudget("counted");
            LiveSession session = registry.open(
                    "live", new FakeDownstream().within(budget), ((Admission.Granted) registry.admit()).slot());
            assertEquals("counted", session.id());
            assertTrue(registry.onSetup(session));
            assertEquals(List.of(), budget.ended);

            session.end(EndCause.IDLE_TIMEOUT, "Over.");

            assertEquals(List.of(false), budget.ended);
        } finally {
            registry.stop();
        }
    }

    @Test
    void aSocketThatWasAdmittedToResumeBeginsNoConversation() {
        SessionRegistry registry = registry(Map.of());
        try {
            FakeBudget budget = new FakeBudget("counted");
            budget.mayBegin = false;
            FakeDownstream client = new FakeDownstream().within(budget);
            LiveSession session = registry.open("live", client, ((Admission.Granted) registry.admit()).slot());

            assertFalse(registry.onSetup(session));

            await().until(() -> client.closes.size() == 1);
            assertEquals(EndCause.CONCURRENCY, client.closes.getFirst().cause());
        } finally {
            registry.stop();
        }
    }

    /** Else the process ends first and the client sees 1000 where it should see 1012. */
    @Test
    void aDrainWaitsForTheSocketsToBeClosed() throws Exception {
        SessionRegistry registry = registry(Map.of("livebridge.drain.spread", "0s"));
        try {
            FakeDownstream client = new FakeDownstream();
            client.holdClose();
            registry.open("live", client, ((Admission.Granted) registry.admit()).slot());

            CompletableFuture<Boolean> drained = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    drained.complete(registry.drain());
                } catch (InterruptedException failed) {
                    drained.completeExceptionally(failed);
                }
            });
            await().until(() -> client.closes.size() == 1);
            await().until(() -> registry.active() == 0);
            await().during(Duration.ofMillis(200)).until(() -> !drained.isDone());
            assertEquals(EndCause.DRAIN, client.closes.getFirst().cause());
            assertFalse(drained.isDone(), "the close frame is not written yet");

            client.releaseClose();

            assertTrue(drained.get(20, TimeUnit.SECONDS));
        } finally {
            registry.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "livebridge.session.memory-per-instance, 12, livebridge.session.memory-per-instance",
        "livebridge.session.memory-per-instance, 9000000000000000, livebridge.session.memory-per-instance",
        "livebridge.session.memory-per-session, 1000, livebridge.session.memory-per-session",
        "livebridge.session.memory-per-session, -1, livebridge.session.memory-per-session"
    })
    void aMemorySettingThatMakesNoSenseStopsTheStart(String property, String value, String named) {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> registry(Map.of(property, value)));

        assertTrue(String.valueOf(refused.getMessage()).contains(named), refused.getMessage());
    }
}
