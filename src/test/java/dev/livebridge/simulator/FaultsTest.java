package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.simulator.Fault.Moment;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every fault, as a client sees it. */
class FaultsTest extends SimulatorFixture {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    close:1007:User%20location%20is%20not%20supported%20for%20the%20API%20use.@setup | 1007 | User location is not supported for the API use. | 0
                    close:1011:The%20service%20is%20currently%20unavailable.@ready | 1011 | The service is currently unavailable. | 1
                    close:1008:The%20operation%20was%20aborted.@50ms | 1008 | The operation was aborted. | 1
                    close:1000@ready | 1000 | '' | 1
                    drop@setup | 1006 | '' | 0
                    drop@ready | 1006 | '' | 1
                    """)
    void endsAConnection(String fault, int code, String reason, int messages) {
        try (LiveClient client = openWithFault(fault)) {
            // When
            client.setup(LiveClient.LIVE_3_8, "");

            // Then
            assertEquals(new LiveClient.Ending(code, reason), client.awaitEnding());
            assertEquals(messages, client.messages().size());
        }
    }

    @Test
    void endsAConnectionAfterSoManyMessages() {
        try (LiveClient client = openWithFault("close:1011:later@2messages").ready(LiveClient.LIVE_3_8, "")) {
            // Given
            client.text("thanks");
            client.awaitMessage("/serverContent/turnComplete");

            // When
            client.text("thanks");

            // Then
            assertEquals(new LiveClient.Ending(1011, "later"), client.awaitEnding());
        }
    }

    @Test
    void scriptsAreForTheNextConnectionOnly() {
        // Given
        simulator.faults().next(new Fault.Close(1011, "Internal error occurred.", new Moment.BeforeSetupComplete()));
        try (LiveClient first = open();
                LiveClient second = open()) {
            // When
            first.setup(LiveClient.LIVE_3_8, "");
            second.setup(LiveClient.LIVE_3_8, "");

            // Then
            assertEquals(1011, first.awaitEnding().code());
            second.awaitMessage("/setupComplete");
        }
    }

    @Test
    void swallowsTheSetup() {
        try (LiveClient client = openWithFault("swallowed-setup")) {
            // When
            client.setup(LiveClient.LIVE_3_8, "");
            client.send("{\"setup\":{}}");

            // Then
            client.awaitEnding();
            assertEquals(List.of(), client.messages());
        }
    }

    @ParameterizedTest
    @CsvSource({"lost-prefill, You have not told me your name yet.", "unbundled, Your name is Ada."})
    void losesWhatWasPrefilledOnResumptionOnly(String fault, String answer) {
        // Given
        String wish = ",\"sessionResumption\":{},\"outputAudioTranscription\":{}";
        String handle;
        try (LiveClient client = ready(LiveClient.LIVE_3_8, wish)) {
            client.send(
                    "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"my name is Ada\"}]}]}}");
            client.text("thanks");
            client.awaitMessage("/serverContent/turnComplete");
            client.awaitCount("/sessionResumptionUpdate", 3);
            handle = client.having("/sessionResumptionUpdate")
                    .getLast()
                    .json()
                    .at("/sessionResumptionUpdate/newHandle")
                    .asText();
        }
        Awaitility.await().until(() -> simulator.statistics().openConnections() == 0);

        // When
        try (LiveClient client = openWithFault(fault)) {
            client.ready(
                    LiveClient.LIVE_3_8,
                    ",\"sessionResumption\":{\"handle\":\"" + handle + "\"},\"outputAudioTranscription\":{}");
            client.text("what is my name?");
            client.awaitMessage("/serverContent/turnComplete");

            // Then
            assertEquals(answer, client.transcript());
        }
    }

    @ParameterizedTest
    @CsvSource({"silently-dropped-calls, 0", "unbundled, 1"})
    void dropsCallsWithoutAWordAndIgnoresTheirResults(String fault, int cancellations) {
        try (LiveClient client = openWithFault(fault)) {
            // Given
            client.ready(
                    LiveClient.LIVE_3_8,
                    ",\"outputAudioTranscription\":{},\"tools\":[{\"functionDeclarations\":[{\"name\":\"refund\","
                            + "\"behavior\":\"BLOCKING\"}]}]");
            client.text("refund");
            String id = client.awaitMessage("/toolCall")
                    .json()
                    .at("/toolCall/functionCalls/0/id")
                    .asText();

            // When
            client.text("thanks");
            client.send("{\"toolResponse\":{\"functionResponses\":[{\"id\":\"" + id
                    + "\",\"name\":\"refund\",\"response\":{\"output\":\"done\"}}]}}");
            client.awaitCount("/serverContent/turnComplete", 2);

            // Then
            assertEquals(cancellations, client.having("/toolCallCancellation").size());
            assertEquals("You are very welcome.", client.transcript());

            // When
            client.text("refund");

            // Then
            client.awaitCount("/toolCall", 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"refuse:429, 429", "refuse, 503", "nonsense, 400", "close:1000@never, 400"})
    void refusesTheUpgrade(String fault, int status) {
        // When
        CompletionException failure = assertThrows(CompletionException.class, () -> openWithFault(fault));

        // Then
        assertEquals(
                status,
                assertInstanceOf(UpgradeRejectedException.class, failure.getCause())
                        .getStatus());
    }

    @Test
    void stallsWithoutReading() {
        try (LiveClient client = openWithFault("stall@1message").ready(LiveClient.LIVE_3_8, "")) {
            // Given
            client.text("thanks");
            client.awaitMessage("/serverContent/turnComplete");
            AtomicLong pongs = new AtomicLong();
            client.onPong(pongs::incrementAndGet);

            // When
            client.text("thanks").ping();

            // Then
            try (LiveClient other = ready(LiveClient.LIVE_3_8, "")) {
                other.text("thanks");
                other.awaitMessage("/serverContent/turnComplete");
            }
            assertEquals(2, simulator.statistics().connections().getFirst().messages());
            assertEquals(0, pongs.get());
        }
    }

    @Test
    void answersPingsLate() {
        try (LiveClient client = openWithFault("late-pongs:700").ready(LiveClient.LIVE_3_8, "")) {
            AtomicLong pongAt = new AtomicLong();
            client.onPong(() -> pongAt.set(System.nanoTime()));
            long pingAt = System.nanoTime();

            // When
            client.ping();

            // Then
            Awaitility.await().until(() -> pongAt.get() != 0);
            assertTrue(pongAt.get() - pingAt >= 690_000_000L);
        }
    }

    @Test
    void splitsMessagesIntoFrames() {
        try (LiveClient client = openWithFault("split-frames:4").ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.text("thanks");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            List<WebSocketFrame> frames = client.frames();
            assertEquals(4 * client.messages().size(), frames.size());
            assertTrue(frames.get(1).isContinuation());
            assertFalse(frames.get(0).isFinal());
        }
    }

    @Test
    void sendsAHugeMessage() {
        try (LiveClient client = openWithFault("huge-message:1048576")) {
            // When
            client.ready(LiveClient.LIVE_3_8, "");

            // Then
            assertEquals(
                    1_048_576,
                    client.awaitMessage("/serverContent/modelTurn").bytes().length(),
                    1_000);
        }
    }

    @Test
    void goesAwayAtOnceAndClosesInTime() {
        try (LiveClient client = openWithFault("go-away:1&fault=fractional-durations")) {
            // When
            client.ready(LiveClient.LIVE_3_8, "");

            // Then
            assertEquals(
                    "1.500s",
                    client.awaitMessage("/goAway").json().at("/goAway/timeLeft").asText());
            assertEquals(
                    new LiveClient.Ending(1011, "Deadline expired before operation could complete."),
                    client.awaitEnding());
        }
    }

    @Test
    void everyConnectionGoesAwayAtItsAge() {
        // Given
        Simulator shortLived =
                new Simulator(vertx, settings().goingAwayAfter(Duration.ofMillis(100), Duration.ofSeconds(1)));
        try (LiveClient client = LiveClient.open(vertx, shortLived.start(), LiveClient.PATH)) {
            // When
            client.ready(LiveClient.LIVE_3_8, "");

            // Then
            assertEquals(
                    "1s",
                    client.awaitMessage("/goAway").json().at("/goAway/timeLeft").asText());
            assertEquals(1011, client.awaitEnding().code());
        } finally {
            shortLived.close();
        }
    }

    @Test
    void bundlesAWholeEndIntoOneMessage() {
        try (LiveClient client =
                openWithFault("bundled").ready(LiveClient.NATIVE_2_5, ",\"outputAudioTranscription\":{}")) {
            // When
            client.text("thanks");

            // Then
            LiveClient.Received last = client.awaitMessage("/serverContent/turnComplete");
            assertTrue(last.has("/serverContent/modelTurn"));
            assertTrue(last.has("/serverContent/generationComplete"));
            assertTrue(last.has("/usageMetadata"));
        }
    }

    @Test
    void sendsEachThingByItself() {
        try (LiveClient client =
                openWithFault("unbundled").ready(LiveClient.LIVE_3_8, ",\"outputAudioTranscription\":{}")) {
            // When
            client.text("thanks");

            // Then
            assertFalse(client.awaitMessage("/serverContent/turnComplete").has("/usageMetadata"));
            assertTrue(client.messages().stream()
                    .allMatch(message -> message.json().size() == 1));
            assertTrue(client.having("/serverContent").stream()
                    .allMatch(message -> message.json().path("serverContent").size() == 1));
        }
    }

    @Test
    void speaksSlowerThanRealTime() {
        try (LiveClient client = openWithFault("slow-audio:0.5").ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.text("thanks");

            // Then
            LiveClient.Received complete = client.awaitMessage("/serverContent/turnComplete");
            LiveClient.Received first =
                    client.having("/serverContent/modelTurn").getFirst();
            double seconds = client.audio().length / 48_000.0;
            assertTrue((complete.nanoTime() - first.nanoTime()) / 1e9 > 1.4 * seconds);
        }
    }

    @Test
    void forgetsToCompleteTheTurn() {
        try (LiveClient client =
                openWithFault("no-turn-complete").ready(LiveClient.LIVE_3_8, ",\"sessionResumption\":{}")) {
            // When
            client.text("thanks");

            // Then
            client.awaitMessage("/serverContent/generationComplete");
            client.awaitCount("/sessionResumptionUpdate", 3);
            assertTrue(client.having("/serverContent/turnComplete").isEmpty());
        }
    }

    @Test
    void sendsUnrequestedResumptionUpdates() {
        try (LiveClient client = openWithFault("empty-messages:20&fault=resumption-updates:20&fault=unknown-fields")) {
            // When
            client.ready(LiveClient.LIVE_3_8, "");

            // Then
            client.awaitMessage(message -> message.json().isEmpty());
            assertTrue(client.awaitMessage("/sessionResumptionUpdate/newHandle").has("/livebridgeUnknown"));
        }
    }

    @Test
    void takesMediaChunksWhenLenient() {
        // Given
        Simulator lenient = new Simulator(vertx, settings().lenient());
        try (LiveClient client = LiveClient.open(vertx, lenient.start(), LiveClient.PATH)) {
            client.ready(LiveClient.LIVE_3_8, ",\"speechConfig\":{}");

            // When
            client.send("{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"AAAA_w==\"}]}}")
                    .text("thanks");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertEquals(
                    4, lenient.statistics().connections().getFirst().audio().bytes());
        } finally {
            lenient.close();
        }
    }
}
