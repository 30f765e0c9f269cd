package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Session resumption: gemini-live-api.md section 9. */
class ResumptionTest extends SimulatorFixture {

    private static final String WISH = ",\"sessionResumption\":{},\"outputAudioTranscription\":{}";

    @Test
    void handsOutHandlesWhenIdleAndNoneWhileBusy() {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, WISH)) {
            // When
            client.text("thanks");
            client.awaitMessage("/serverContent/turnComplete");
            client.awaitCount("/sessionResumptionUpdate", 3);

            // Then
            assertEquals(
                    List.of("resumable", "not", "resumable"),
                    client.having("/sessionResumptionUpdate").stream()
                            .map(m -> m.has("/sessionResumptionUpdate/newHandle") ? "resumable" : "not")
                            .toList());
        }
    }

    @Test
    void remembersUnderTheHandle() {
        // Given
        String handle = handleOf("my name is Ada");
        Awaitility.await().until(() -> simulator.statistics().openConnections() == 0);

        // When
        try (LiveClient client = ready(LiveClient.LIVE_3_8, resuming(handle))) {
            client.text("what is my name?");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertEquals("Your name is Ada.", client.transcript());
        }
    }

    @Test
    void doesNotKnowForeignHandles() {
        try (LiveClient client = open()) {
            // When
            client.setup(LiveClient.LIVE_3_8, resuming("00000000-0000-4000-8000-000000000000"));

            // Then
            assertEquals(new LiveClient.Ending(1008, "BidiGenerateContent session not found"), client.awaitEnding());
        }
    }

    @Test
    void seesWhatIsNoHandle() {
        try (LiveClient client = open()) {
            // When
            client.setup(LiveClient.LIVE_3_8, resuming("garbage"));

            // Then
            assertEquals(new LiveClient.Ending(1007, "Invalid session handle"), client.awaitEnding());
        }
    }

    @Test
    void refusesASecondSocketWhileTheFirstIsOpen() {
        try (LiveClient first = ready(LiveClient.LIVE_3_8, WISH);
                LiveClient second = open()) {
            // Given
            String handle = newestHandle(first);

            // When
            second.setup(LiveClient.LIVE_3_8, resuming(handle));

            // Then
            assertEquals(new LiveClient.Ending(1011, "Internal error encountered."), second.awaitEnding());
        }
    }

    @Test
    void doesNotChangeTheModel() {
        // Given
        String handle = handleOf("thanks");
        Awaitility.await().until(() -> simulator.statistics().openConnections() == 0);

        // When
        try (LiveClient client = open()) {
            client.setup(LiveClient.NATIVE_2_5, resuming(handle));

            // Then
            assertEquals(new LiveClient.Ending(1011, "Internal error occurred."), client.awaitEnding());
            assertTrue(client.messages().getFirst().has("/setupComplete"));
        }
    }

    @Test
    void forgetsAfterTwoHours() {
        // Given
        AtomicLong now = new AtomicLong();
        AtomicBoolean open = new AtomicBoolean();
        ResumptionHandles handles = new ResumptionHandles(now::get);
        String handle = handles.keep(Model.CATALOGUE.getFirst(), new History(), open::get);

        // When
        now.set(Duration.ofHours(2).toNanos());
        handles.find(handle);
        now.incrementAndGet();

        // Then
        assertEquals(
                1008,
                assertThrows(RefusedException.class, () -> handles.find(handle)).code());
    }

    private String handleOf(String text) {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, WISH)) {
            client.text(text);
            client.awaitMessage("/serverContent/turnComplete");
            client.awaitCount("/sessionResumptionUpdate", 3);
            return newestHandle(client);
        }
    }

    private static String newestHandle(LiveClient client) {
        client.awaitMessage("/sessionResumptionUpdate/newHandle");
        return client.having("/sessionResumptionUpdate/newHandle")
                .getLast()
                .json()
                .at("/sessionResumptionUpdate/newHandle")
                .asText();
    }

    private static String resuming(String handle) {
        return ",\"sessionResumption\":{\"handle\":\"" + handle + "\"},\"outputAudioTranscription\":{}";
    }
}
