package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations over real sockets, from the tutorial dialect to the simulator and back. */
@QuarkusTest
class ConversationTest extends BridgeFixture {

    private static final List<String> WAITS =
            List.of("jdk.ThreadPark", "jdk.ThreadSleep", "jdk.JavaMonitorWait", "jdk.VirtualThreadPinned");

    private static final String ECHO = "livebridge-simulator: echo";
    private static final String SETUP_AUDIO =
            "{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]}}}";
    private static final String SETUP_TEXT = "{\"setup\":{\"generation_config\":{\"response_modalities\":[\"TEXT\"]}}}";
    private static final String SETUP_ECHO =
            "{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]},\"system_instruction\":{\"parts\":"
                    + "[{\"text\":\"" + ECHO + "\"}]}}}";

    @Test
    void aTypedTurnIsAnsweredInSound() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP_AUDIO);
            client.send("{\"text\":\"Thank you\"}");

            client.awaitMessage("turn_complete");

            long bytes = client.all("audio")
                    .mapToLong(audio -> Base64.getDecoder().decode(audio.asText()).length)
                    .sum();
            assertTrue(bytes > 24_000, "half a second of speech or more, but was " + bytes + " bytes");
            assertEquals("", client.text("text"));
        }
    }

    @Test
    void aTutorialPageThatAsksForTextReadsWhatTheModelSays() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP_TEXT);
            client.send("{\"text\":\"Thank you\"}");

            client.awaitMessage("turn_complete");

            assertFalse(client.text("text").isBlank());
            assertEquals(0, client.all("audio").count());
        }
    }

    @Test
    void textAndAudioTogetherAreBothDelivered() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{\"generationConfig\":{\"responseModalities\":[\"text\",\"audio\"]}}}");
            client.send("{\"text\":\"Thank you\"}");

            client.awaitMessage("turn_complete");

            assertFalse(client.text("text").isBlank());
            assertTrue(client.all("audio").count() > 0);
        }
    }

    @Test
    void spokenWordsAreAnswered() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{}}");
            client.say(Sound.speech(1_200));
            client.say(Sound.silence(1_500));

            client.awaitMessage("turn_complete");

            assertTrue(client.all("audio").count() > 0);
        }
    }

    /** An event loop that waits holds up all conversations whose sockets it serves. */
    @Test
    void noEventLoopWaitsDuringAConversation(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("waits.jfr");
        try (Recording recording = new Recording()) {
            WAITS.forEach(event -> recording.enable(event).withThreshold(Duration.ZERO));
            recording.start();
            try (TestClient client = TestClient.open(vertx, server, "/")) {
                client.send(SETUP_AUDIO);
                client.send("{\"text\":\"Thank you\"}");
                client.say(Sound.speech(1_200));
                client.say(Sound.silence(1_500));
                client.awaitMessage("turn_complete");
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> waits = RecordingFile.readAllEvents(file);

        assertTrue(
                waits.stream().anyMatch(event -> threadOf(event, "eventThread").startsWith("livebridge-")),
                "the writers wait, which is recorded");
        assertEquals(
                List.of(),
                waits.stream()
                        .filter(event -> threadOf(event, "eventThread").contains("eventloop")
                                || threadOf(event, "carrierThread").contains("eventloop"))
                        .map(RecordedEvent::toString)
                        .toList());
    }

    private static String threadOf(RecordedEvent event, String field) {
        RecordedThread thread = event.hasField(field) ? event.getThread(field) : null;
        String name = thread == null ? null : thread.getJavaName();
        return name == null ? "" : name;
    }

    @Test
    void aFirstMessageWithoutSetupBeginsAndIsNotLost() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"text\":\"Thank you\"}");

            client.awaitMessage("turn_complete");

            assertTrue(client.all("audio").count() > 0);
        }
    }

    @Test
    void jsonInBinaryFramesIsUnderstoodFromTheFirstOn() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.sendBinary(SETUP_TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            client.sendBinary("{\"text\":\"Thank you\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

            client.awaitMessage("turn_complete");

            assertFalse(client.text("text").isBlank());
        }
    }

    @Test
    void speakingOverTheModelSilencesIt() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP_AUDIO);
            client.send("{\"text\":\"Tell me a story\"}");
            await().until(() -> client.all("audio").count() >= 3);

            client.say(Sound.speech(600));
            client.awaitMessage("interrupted");
            client.say(Sound.silence(1_500));
            client.awaitMessage("turn_complete");

            int interrupted = indexOf(client, "interrupted");
            int ended = indexOf(client, "turn_complete");
            assertTrue(interrupted < ended);
            assertEquals(
                    0,
                    client.received().subList(interrupted, ended).stream()
                            .filter(message -> message.has("audio"))
                            .count(),
                    "sound of the dead turn after its interruption");
        }
    }

    @Test
    void chunksComeThroughWholeAndInOrder() {
        Random random = new Random(7);
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP_ECHO);
            byte[][] sent = new byte[100][];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = new byte[2 * (1 + random.nextInt(1_600))];
                random.nextBytes(sent[i]);
                client.say(sent[i]);
            }

            await().until(() -> client.all("audio").count() == sent.length);

            byte[][] heard = client.all("audio")
                    .map(audio -> Base64.getDecoder().decode(audio.asText()))
                    .toArray(byte[][]::new);
            assertTrue(Arrays.deepEquals(sent, heard));
        }
    }

    @Test
    void aTutorialFrameOf300KilobytesPasses() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP_ECHO);
            byte[] pcm = new byte[220_000];

            client.say(pcm);

            JsonNode audio = client.awaitMessage("audio").get("audio");
            assertEquals(pcm.length, Base64.getDecoder().decode(audio.asText()).length);
        }
    }

    @Test
    void aMessageOfOneMebibytePassesAndALargerOneIsRefused() {
        int wrapping = "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"\"}]}}".length();
        int base64 = (1_048_576 - wrapping) / 4 * 4;
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send(SETUP_ECHO);
            client.say(new byte[base64 / 8 * 6]);
            client.awaitMessage("audio");

            client.say(new byte[base64 / 4 * 3 + 3_000]);

            client.awaitClosed();
            assertEquals((short) 1009, client.closeCode());
        }
    }

    private static int indexOf(TestClient client, String member) {
        for (int i = 0; i < client.received().size(); i++) {
            if (client.received().get(i).has(member)) {
                return i;
            }
        }
        throw new AssertionError("no " + member);
    }
}
