package dev.livebridge.browser.dialect;

import static dev.livebridge.Trials.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.Samples;
import dev.livebridge.Trials;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Fast path and parser read the same frames to the same messages. */
class MediaFastPathPropertyTest {

    /**
     * A chunk and how it is written.
     *
     * @param json with any spelling and spacing
     * @param message what must come of it; {@code null} when it's empty
     */
    record Chunk(String json, @Nullable ClientMessage message) {}

    @Test
    void plainFramesTakeTheShortWay() {
        Trials.run(1_000, random -> {
            List<Chunk> chunks = Stream.generate(() -> plainChunk(random))
                    .limit(random.nextInt(1, 6))
                    .toList();

            String text = frame(chunks);

            assertEquals(messages(chunks), MediaFastPath.read(Utf8Slice.of(text)));
            assertEquals(messages(chunks), longWay(text));
        });
    }

    @Test
    void unusualFramesAreReadAsWell() {
        Trials.run(1_000, random -> {
            List<Chunk> chunks = Stream.generate(() -> random.nextBoolean() ? plainChunk(random) : unusualChunk(random))
                    .limit(random.nextInt(6))
                    .toList();

            String text = frame(chunks);

            assertEquals(messages(chunks), new TutorialDialect().decode(text));
            assertEquals(messages(chunks), longWay(text));
        });
    }

    /** For every mutation of a frame both paths return the same messages or the same error code. */
    @Test
    void damagedFramesAreUnderstoodOrRefused() {
        List<String> whole = Samples.frames().stream()
                .map(Samples.Frame::text)
                .filter(text -> text.length() < 5_000)
                .toList();
        Trials.run(3_000, random -> {
            String text = damaged(random, whole.get(random.nextInt(whole.size())));

            List<ClientMessage> quick = MediaFastPath.read(Utf8Slice.of(text));
            List<ClientMessage> understood;
            try {
                understood = longWay(text);
            } catch (BadInputException e) {
                assertNotNull(e.code());
                assertNull(quick, "only the short way understood it");
                return;
            }
            if (quick != null) {
                assertEquals(understood, quick);
            }
        });
    }

    private static Chunk plainChunk(RandomGenerator random) {
        String mimeType = oneOf(
                random,
                "audio/pcm",
                "audio/pcm;rate=16000",
                "audio/pcm;rate=8000",
                "image/jpeg",
                "image/png",
                "image/webp");
        boolean sound = mimeType.startsWith("audio/");
        byte[] bytes = Trials.bytes(random, 1, 60);
        byte[] whole = sound && bytes.length % 2 == 1 ? new byte[bytes.length + 1] : bytes;
        Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
        String text = (random.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(whole);
        String space = oneOf(random, "", " ", "\n  ", "\t\r\n");
        String key = oneOf(random, "mime_type", "mimeType");
        String first = "\"" + key + "\"" + space + ":" + space + "\"" + mimeType + "\"" + space;
        String second = "\"data\":" + space + "\"" + text + "\"" + space;
        String json = "{" + space + (random.nextBoolean() ? first + "," + space + second : second + "," + space + first)
                + "}";
        Base64Text standard = Base64Text.encode(whole);
        return new Chunk(
                json,
                sound ? new ClientMessage.Audio(standard, mimeType) : new ClientMessage.Video(standard, mimeType));
    }

    private static Chunk unusualChunk(RandomGenerator random) {
        return oneOf(
                random,
                new Chunk("{\"mime_type\":\"image/jpeg\",\"data\":\"\"}", null),
                new Chunk("{\"mime_type\":\"image/jpeg\"}", null),
                new Chunk(
                        "{\"mime_type\":\"audio\\/pcm\",\"data\":\"\\/w8=\",\"data2\":1}",
                        new ClientMessage.Audio(new Base64Text("/w8="), "audio/pcm")));
    }

    private static String damaged(RandomGenerator random, String text) {
        String splinter = oneOf(
                random, "", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1", "\u0000", "é", "😀", "=", "-", " ",
                "data", "secret");
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(9));
        return text.substring(0, from) + splinter + text.substring(to);
    }

    private static List<ClientMessage> longWay(String text) throws BadInputException {
        PartialResult reading = new PartialResult(MemberRules.DEFAULTS);
        GeminiMessageParser.readConversation(GeminiMessageParser.parse(text), reading);
        return reading.finish();
    }

    private static String frame(List<Chunk> chunks) {
        return chunks.stream()
                .map(Chunk::json)
                .collect(Collectors.joining(",", "{\"realtime_input\":{\"media_chunks\":[", "]}}"));
    }

    private static List<ClientMessage> messages(List<Chunk> chunks) {
        return chunks.stream().map(Chunk::message).filter(Objects::nonNull).toList();
    }
}
