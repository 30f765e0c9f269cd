package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.TutorialFrames.audio;
import static dev.livebridge.browser.dialect.TutorialFrames.chunk;
import static dev.livebridge.browser.dialect.TutorialFrames.chunks;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The frames of a client that are refused in the tutorial's protocol, and what is kept of them. */
class TutorialBadFramesTest {

    private final Dialect dialect = new TutorialDialect();

    static Stream<Arguments> badFrames() {
        return Stream.of(
                arguments("", "bad_json", ""),
                arguments("?", "bad_json", "line 1"),
                arguments("{\"text\":\"a\",\"text\":\"b\"}", "bad_json", ""),
                arguments("{\"text\":NaN}", "bad_json", ""),
                arguments("{\"text\":\"a\"} trailing", "bad_json", ""),
                arguments(chunks(chunk("audio/pcm", "AAA=")) + "x", "bad_json", ""),
                arguments("[".repeat(1 << 20), "bad_json", "deep"),
                arguments("{\"text\":".repeat(1000) + "1" + "}".repeat(1000), "bad_json", "deep"),
                arguments("[]", "bad_shape", "object"),
                arguments("\"text\"", "bad_shape", "object"),
                arguments("null", "bad_shape", "object"),
                arguments("{\"foo\":1}", "bad_shape", "no known member"),
                arguments("{\"realtime_input\":{\"foo\":1}}", "bad_shape", "realtimeInput"),
                arguments("{\"text\":5}", "bad_shape", "text"),
                arguments("{\"text\":{\"x\":1}}", "bad_shape", "text"),
                arguments("{\"setup\":5}", "bad_shape", "setup"),
                arguments("{\"realtime_input\":5}", "bad_shape", "realtimeInput"),
                arguments("{\"realtime_input\":[]}", "bad_shape", "realtimeInput"),
                arguments("{\"realtime_input\":{\"text\":5}}", "bad_shape", "realtimeInput.text"),
                arguments("{\"realtime_input\":{\"audio\":\"x\"}}", "bad_shape", "realtimeInput.audio"),
                arguments("{\"realtime_input\":{\"audio\":[]}}", "bad_shape", "realtimeInput.audio"),
                arguments("{\"realtime_input\":{\"media_chunks\":5}}", "bad_shape", "mediaChunks[0]"),
                arguments("{\"realtime_input\":{\"media_chunks\":[null]}}", "bad_shape", "mediaChunks[0]"),
                arguments("{\"realtime_input\":{\"activity_start\":true}}", "bad_shape", "activityStart"),
                arguments("{\"realtime_input\":{\"audio_stream_end\":{}}}", "bad_shape", "audioStreamEnd"),
                arguments("{\"realtime_input\":{},\"realtimeInput\":{}}", "bad_shape", "twice"),
                arguments(
                        chunks("{\"mime_type\":\"audio/pcm\",\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}"),
                        "bad_shape",
                        "twice"),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":5}"), "bad_shape", "[0].data"),
                arguments(chunks("{\"mime_type\":5,\"data\":\"AAA=\"}"), "bad_shape", "[0].mimeType"),
                arguments("{\"client_content\":[]}", "bad_shape", "clientContent"),
                arguments("{\"client_content\":{\"turns\":\"x\"}}", "bad_shape", "clientContent.turns"),
                arguments("{\"client_content\":{\"turns\":[{\"parts\":[7]}]}}", "bad_shape", "turns[0].parts[0]"),
                arguments("{\"tool_response\":\"x\"}", "bad_shape", "toolResponse"),
                arguments(
                        "{\"tool_response\":{\"function_responses\":[1]}}",
                        "bad_shape",
                        "toolResponse.functionResponses[0]"),
                arguments(chunks("{\"data\":\"AAA=\"}"), "bad_mime_type", "[0].mimeType"),
                arguments(chunks(chunk("", "AAA=")), "bad_mime_type", ""),
                arguments(chunks(chunk("audio/ogg", "AAA=")), "bad_mime_type", ""),
                arguments(chunks(chunk("audio/pcm;rate=", "AAA=")), "bad_mime_type", ""),
                arguments(chunks(chunk("audio/pcm;rate=0", "AAA=")), "bad_mime_type", ""),
                arguments(chunks(chunk("audio/pcm;rate=-1", "AAA=")), "bad_mime_type", ""),
                arguments(chunks(chunk("video/mp4", "AAA=")), "bad_mime_type", "image/jpeg"),
                arguments(chunks(chunk("image/gif", "AAA=")), "bad_mime_type", ""),
                arguments(
                        "{\"realtime_input\":{\"audio\":{\"mime_type\":\"image/jpeg\",\"data\":\"AAA=\"}}}",
                        "bad_mime_type",
                        "realtimeInput.audio.mimeType"),
                arguments(
                        "{\"realtime_input\":{\"video\":{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"}}}",
                        "bad_mime_type",
                        "realtimeInput.video.mimeType"),
                arguments(chunks(chunk("audio/pcm", "A")), "bad_base64", "[0].data"),
                arguments(chunks(chunk("audio/pcm", "AA A")), "bad_base64", ""),
                arguments(chunks(chunk("audio/pcm", "AAA=\\n")), "bad_base64", ""),
                arguments(chunks(chunk("audio/pcm", "AA==AA==")), "bad_base64", ""),
                arguments(chunks(chunk("audio/pcm", "\\\"AAA")), "bad_base64", ""),
                arguments(chunks(chunk("image/png", "äöü=")), "bad_base64", ""),
                arguments(
                        "{\"client_content\":{\"turns\":[{\"parts\":[{\"inline_data\":{\"data\":\"?\"}}]}]}}",
                        "bad_base64",
                        "clientContent.turns[0].parts[0].inlineData.data"),
                arguments(chunks(chunk("audio/pcm", "AA==")), "bad_pcm", "[0].data"),
                arguments(chunks(chunk("audio/pcm", "AAAA")), "bad_pcm", "odd"));
    }

    @ParameterizedTest
    @MethodSource
    void badFrames(String text, String code, String hint) {
        BadInputException thrown = assertThrows(BadInputException.class, () -> dialect.decode(text));

        assertEquals(code, thrown.code());
        assertEquals(true, String.valueOf(thrown.getMessage()).contains(hint), thrown.getMessage());
        assertEquals(List.of(), thrown.understood());
    }

    @Test
    void whatWasUnderstoodSurvivesABadNeighbour() {
        String text = chunks(String.join(
                ",",
                chunk("audio/pcm", "AAA="),
                chunk("video/mp4", "AAA="),
                chunk("audio/pcm", "secret\\n"),
                chunk("audio/pcm", "AQE=")));

        BadInputException thrown = assertThrows(BadInputException.class, () -> dialect.decode(text));

        assertEquals("bad_mime_type", thrown.code());
        assertEquals(
                "realtimeInput.mediaChunks[1].mimeType must be audio/pcm or audio/pcm;rate=N, image/jpeg, image/png or"
                        + " image/webp",
                thrown.getMessage());
        assertEquals(List.of(audio("AAA="), audio("AQE=")), thrown.understood());
    }

    @Test
    void aBinaryFrameThatIsNotUtf8() {
        BadInputException thrown =
                assertThrows(BadInputException.class, () -> dialect.decode(new byte[] {'"', (byte) 0xFF, '"'}));

        assertEquals("bad_json", thrown.code());
    }
}
