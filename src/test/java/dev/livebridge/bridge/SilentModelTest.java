package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Fault.Moment;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An upstream connection that breaks without a close frame while there is no traffic. */
@QuarkusTest
@Tag("slow")
@TestProfile(SilentModelTest.Impatient.class)
class SilentModelTest extends BridgeFixture {

    private static final Moment NOW = new Moment.AfterSetupComplete(Duration.ZERO);

    public static final class Impatient extends UpstreamFaultsTest.Quick {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("livebridge.upstream.silence-timeout", "3s");
            return settings;
        }
    }

    @Test
    void aModelThatAnswersNoPingCountsAsLostAndTheTalkGoesOn() {
        try (TestClient client = UpstreamFaultsTest.begin(vertx, server, "silent")) {
            assertEquals(1, simulator.faults().now("silent", new Fault.Stall(NOW)));

            // Rebuilt: to the model the old connection is still there, and so its handle is refused
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> client.ofType("upstream").stream()
                            .anyMatch(message -> message.path("memory").asText().equals("rebuilt")));

            client.send("{\"text\":\"What is my name?\"}");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> client.ofType("transcript").stream()
                            .anyMatch(message -> message.path("text").asText().contains("Ada")));
            assertTrue(client.ofType("error").isEmpty(), client.ofType("error").toString());
        }
        // It will never notice by itself that it was left
        simulator.faults().now("silent", new Fault.Drop(NOW));
    }
}
