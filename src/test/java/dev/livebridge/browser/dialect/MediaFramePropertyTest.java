package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.livebridge.Samples;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The short way and the long way read the same frames to the same messages. */
class MediaFramePropertyTest {

    /**
     * A chunk and how it is written.
     *
     * @param json with any spelling and spacing
     * @param message what must come of it; {@code null} when it's empty
     */
    record Chunk(String json, @Nullable ClientMessage message) {}

    @Provide
    Arbitrary<Chunk> plainChunks() {
        Arbitrary<byte[]> data =
                Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(60);
        return Combinators.combine(
                        Arbitraries.of(
                                "audio/pcm",
                                "audio/pcm;rate=16000",
                                "audio/pcm;rate=8000",
                                "image/jpeg",
                                "image/png",
                                "image/webp"),
                        data,
                        Arbitraries.of("mime_type", "mimeType"),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0, 1, 2, 3),
                        Arbitraries.of("", " ", "\n  ", "\t\r\n"))
                .as((mimeType, bytes, key, mimeTypeFirst, base64, space) -> {
                    boolean sound = mimeType.startsWith("audio/");
                    byte[] whole = sound && bytes.length % 2 == 1 ? new byte[bytes.length + 1] : bytes;
                    Base64.Encoder encoder = base64 < 2 ? Base64.getEncoder() : Base64.getUrlEncoder();
                    String text = (base64 % 2 == 0 ? encoder : encoder.withoutPadding()).encodeToString(whole);
                    String first = "\"" + key + "\"" + space + ":" + space + "\"" + mimeType + "\"" + space;
                    String second = "\"data\":" + space + "\"" + text + "\"" + space;
                    String json = "{" + space
                            + (mimeTypeFirst ? first + "," + space + second : second + "," + space + first) + "}";
                    Base64Text standard = Base64Text.encode(whole);
                    return new Chunk(
                            json,
                            sound
                                    ? new ClientMessage.Audio(standard, mimeType)
                                    : new ClientMessage.Video(standard, mimeType));
                });
    }

    @Provide
    Arbitrary<Chunk> unusualChunks() {
        return Arbitraries.oneOf(
                plainChunks(),
                Arbitraries.of(
                        new Chunk("{\"mime_type\":\"image/jpeg\",\"data\":\"\"}", null),
                        new Chunk("{\"mime_type\":\"image/jpeg\"}", null),
                        new Chunk(
                                "{\"mime_type\":\"audio\\/pcm\",\"data\":\"\\/w==\",\"data2\":1}"
                                        .replace("/w==", "/w8="),
                                new ClientMessage.Audio(new Base64Text("/w8="), "audio/pcm"))));
    }

    @Property
    void plainFramesTakeTheShortWay(
            @ForAll List<@From("plainChunks") Chunk> chunks, @ForAll @From("plainChunks") Chunk one)
            throws BadInputException {
        List<Chunk> all = new ArrayList<>(chunks);
        all.add(one);

        String text = frame(all);

        assertEquals(messages(all), MediaFrame.read(text));
        assertEquals(messages(all), longWay(text));
    }

    @Property
    void unusualFramesAreReadAsWell(@ForAll List<@From("unusualChunks") Chunk> chunks) throws BadInputException {
        String text = frame(chunks);

        assertEquals(messages(chunks), new TutorialDialect().decode(text));
        assertEquals(messages(chunks), longWay(text));
    }

    @Provide
    Arbitrary<String> damagedFrames() {
        List<String> whole = Samples.frames().stream()
                .map(Samples.Frame::text)
                .filter(text -> text.length() < 5_000)
                .toList();
        Arbitrary<String> splinters = Arbitraries.of(
                "", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1", "\u0000", "é", "😀", "=", "-", " ", "data",
                "secret");
        return Combinators.combine(
                        Arbitraries.of(whole),
                        Arbitraries.integers().between(0, 4_999),
                        Arbitraries.integers().between(0, 8),
                        splinters)
                .as((text, place, removed, splinter) -> {
                    int from = place % text.length();
                    int to = Math.min(text.length(), from + removed);
                    return text.substring(0, from) + splinter + text.substring(to);
                });
    }

    /** Whatever happens to a frame on its way: it is understood, or refused with a code, in the same way both ways. */
    @Property(tries = 3_000)
    void damagedFramesAreUnderstoodOrRefused(@ForAll("damagedFrames") String text) {
        List<ClientMessage> quick = MediaFrame.read(text);
        List<ClientMessage> understood;
        try {
            understood = longWay(text);
        } catch (BadInputException e) {
            assertNotNull(e.code());
            assertEquals(null, quick, "only the short way understood it");
            return;
        }
        if (quick != null) {
            assertEquals(understood, quick);
        }
    }

    private static List<ClientMessage> longWay(String text) throws BadInputException {
        Reading reading = new Reading();
        GeminiVocabulary.readConversation(GeminiVocabulary.parse(text), reading);
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
