package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Signal;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TutorialDialectTest {

    private final Dialect dialect = new TutorialDialect();

    @Test
    void label() {
        assertEquals("tutorial", dialect.label());
    }

    static Stream<Arguments> firstFrames() {
        return Stream.of(
                arguments("{\"setup\":{}}", List.of(setup("{}"))),
                arguments("{\"setup\":null}", List.of(setup("{}"))),
                arguments("{}", List.of(setup("{}"))),
                arguments("{\"hello\":1}", List.of(setup("{}"), new ClientMessage.LeftOut(List.of("hello")))),
                arguments(
                        "{\"setup\":{\"generation_config\":{\"response_modalities\":[\"TEXT\"]}}}",
                        List.of(setup("{\"generationConfig\":{\"responseModalities\":[\"TEXT\"]}}"))),
                arguments("{\"text\":\"hi\"}", List.of(setup("{}"), new ClientMessage.UserTurn("hi"))),
                arguments(
                        "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"}]}}",
                        List.of(setup("{}"), audio("AAA="))),
                arguments(
                        "{\"text\":\"hi\",\"setup\":{\"model\":\"m\"}}",
                        List.of(setup("{\"model\":\"m\"}"), new ClientMessage.UserTurn("hi"))));
    }

    static Stream<Arguments> badFirstFrames() {
        return Stream.of(
                arguments("", "bad_json"),
                arguments("hello", "bad_json"),
                arguments("{\"setup\":{}", "bad_json"),
                arguments("{\"setup\":{},\"setup\":{}}", "bad_json"),
                arguments("[]", "bad_shape"),
                arguments("7", "bad_shape"),
                arguments("null", "bad_shape"),
                arguments("\"setup\"", "bad_shape"),
                arguments("{\"setup\":[]}", "bad_shape"),
                arguments("{\"setup\":\"x\"}", "bad_shape"),
                arguments("{\"setup\":true}", "bad_shape"),
                arguments("{\"setup\":{\"generation_config\":5}}", "bad_shape"),
                arguments("{\"setup\":{\"tools\":[5]}}", "bad_shape"),
                arguments("{\"setup\":{\"generation_config\":{},\"generationConfig\":{}}}", "bad_shape"));
    }

    @ParameterizedTest
    @MethodSource
    void firstFrames(String text, List<ClientMessage> expected) throws BadInputException {
        assertEquals(expected, dialect.decodeFirst(text));
    }

    @ParameterizedTest
    @MethodSource
    void badFirstFrames(String text, String code) {
        BadInputException thrown = assertThrows(BadInputException.class, () -> dialect.decodeFirst(text));

        assertEquals(code, thrown.code());
        assertEquals(List.of(), thrown.understood());
    }

    @Test
    void aFaultBehindAGoodSetupKeepsTheSetup() {
        BadInputException thrown =
                assertThrows(BadInputException.class, () -> dialect.decodeFirst("{\"setup\":{},\"realtimeInput\":5}"));

        assertEquals(List.of(setup("{}")), thrown.understood());
    }

    static Stream<Arguments> frames() {
        ClientMessage picture = new ClientMessage.Video(new Base64Text("/9j/2Q=="), "image/jpeg");
        return Stream.of(
                arguments("{}", List.of()),
                arguments("{\"setup\":{\"model\":\"m\"}}", List.of(setup("{\"model\":\"m\"}"))),
                arguments("{\"text\":\"\\u00e9\\\"\"}", List.of(new ClientMessage.UserTurn("é\""))),
                arguments("{\"text\":\"\"}", List.of()),
                arguments("{\"realtime_input\":{}}", List.of()),
                arguments("{\"realtime_input\":null}", List.of()),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"}"), List.of(audio("AAA="))),
                arguments(chunks("{\"data\":\"AAA=\",\"mime_type\":\"audio/pcm\"}"), List.of(audio("AAA="))),
                arguments(chunks("{\"mime_type\":\"audio\\/pcm\",\"data\":\"\\u0041AA=\"}"), List.of(audio("AAA="))),
                arguments(chunks("{\"mime_type\":\"image/jpeg\",\"data\":\"_9j_2Q\"}"), List.of(picture)),
                arguments(chunks("{\"mime_type\":\"image/jpeg\",\"data\":\"\\/9j\\/2Q==\"}"), List.of(picture)),
                arguments(
                        chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"},"
                                + "{\"mime_type\":\"image/jpeg\",\"data\":\"/9j/2Q==\"}"),
                        List.of(audio("AAA="), picture)),
                arguments(
                        chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"},{\"mime_type\":\"image/jpeg\"}"),
                        List.of(audio("AAA="))),
                arguments(
                        chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"},"
                                + "{\"mime_type\":\"image/jpeg\",\"data\":\"\"}"),
                        List.of(audio("AAA="))),
                arguments(chunks("{\"mime_type\":\"image/jpeg\",\"data\":null},{}"), List.of()),
                arguments(chunks(""), List.of()),
                arguments(
                        "{\"realtimeInput\":{\"mediaChunks\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}}}",
                        List.of(audio("AAA="))),
                arguments(
                        "{\"realtime_input\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=48000\",\"data\":\"AAA\"}}}",
                        List.of(new ClientMessage.Audio(new Base64Text("AAA="), "audio/pcm;rate=48000"))),
                arguments(
                        "{\"realtime_input\":{\"audio\":{\"mimeType\":\"AUDIO/PCM ; rate=8000\",\"data\":\"AAA\"}}}",
                        List.of(new ClientMessage.Audio(new Base64Text("AAA="), "audio/pcm;rate=8000"))),
                arguments(
                        " { \"realtimeInput\" : { \"video\" : { \"mimeType\" : \"image/webp\" , \"data\" : \"AA==\" } } } ",
                        List.of(new ClientMessage.Video(new Base64Text("AA=="), "image/webp"))),
                arguments(
                        "{\"realtimeInput\":{\"video\":{\"mimeType\":\"image/png\",\"data\":\"AA==\",\"x\":1}}}",
                        List.of(new ClientMessage.Video(new Base64Text("AA=="), "image/png"))),
                arguments("{\"realtime_input\":{\"text\":\" \"}}", List.of(new ClientMessage.RealtimeText(" "))),
                arguments("{\"realtime_input\":{\"activity_start\":{}}}", List.of(Signal.ACTIVITY_START)),
                arguments("{\"realtimeInput\":{\"activityEnd\":{}}}", List.of(Signal.ACTIVITY_END)),
                arguments("{\"realtime_input\":{\"audio_stream_end\":true}}", List.of(Signal.AUDIO_STREAM_END)),
                arguments("{\"realtime_input\":{\"audioStreamEnd\":false}}", List.of()),
                arguments(
                        """
                        {"realtime_input":{"activity_end":{},"audio_stream_end":true,"text":"t",
                         "video":{"mime_type":"image/jpeg","data":"/9j/2Q=="},
                         "audio":{"mime_type":"audio/pcm","data":"AAA="},
                         "media_chunks":[{"mime_type":"audio/pcm","data":"AQE="}],"activity_start":{},"new":1}}""",
                        List.of(
                                Signal.ACTIVITY_START,
                                audio("AQE="),
                                audio("AAA="),
                                picture,
                                new ClientMessage.RealtimeText("t"),
                                Signal.ACTIVITY_END,
                                Signal.AUDIO_STREAM_END,
                                new ClientMessage.LeftOut(List.of("realtimeInput.new")))),
                arguments(
                        "{\"client_content\":{\"turns\":{\"parts\":{\"text\":\"hi\"}},\"turn_complete\":true}}",
                        List.of(new ClientMessage.ClientContent(
                                "{\"turns\":[{\"parts\":[{\"text\":\"hi\"}]}],\"turnComplete\":true}",
                                List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "hi"))))),
                arguments(
                        "{\"tool_response\":{\"function_responses\":{\"id\":\"1\",\"will_continue\":false,"
                                + "\"response\":{\"snake_key\":1.0,\"camelKey\":null}}}}",
                        List.of(new ClientMessage.ToolResponse(List.of(new ClientMessage.FunctionResult(
                                "1",
                                "{\"id\":\"1\",\"willContinue\":false,"
                                        + "\"response\":{\"snake_key\":1.0,\"camelKey\":null}}"))))),
                arguments(
                        """
                        {"text":"t","realtimeInput":{"text":"r"},"toolResponse":{},"clientContent":{},"unknown":0,
                         "setup":{}}""",
                        List.of(
                                setup("{}"),
                                new ClientMessage.ClientContent("{}", List.of()),
                                new ClientMessage.ToolResponse(List.of()),
                                new ClientMessage.RealtimeText("r"),
                                new ClientMessage.UserTurn("t"),
                                new ClientMessage.LeftOut(List.of("unknown")))),
                // Unknown members are not passed on, at any depth
                arguments(
                        """
                        {"clientContent":{"novel":1,"turns":[{"novel":{},"parts":[{"text":"a","novel":[1]},{"novel":1}]}]},
                         "toolResponse":{"novel":1,"functionResponses":[{"id":"1","novel":{},"response":{"novel":1}}]}}""",
                        List.of(
                                new ClientMessage.ClientContent(
                                        "{\"turns\":[{\"parts\":[{\"text\":\"a\"},{}]}]}",
                                        List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "a"))),
                                new ClientMessage.ToolResponse(List.of(new ClientMessage.FunctionResult(
                                        "1", "{\"id\":\"1\",\"response\":{\"novel\":1}}"))),
                                new ClientMessage.LeftOut(List.of(
                                        "clientContent.novel",
                                        "clientContent.turns[0].novel",
                                        "clientContent.turns[0].parts[0].novel",
                                        "clientContent.turns[0].parts[1].novel",
                                        "toolResponse.novel",
                                        "toolResponse.functionResponses[0].novel")))),
                arguments(
                        "{\"context_update\":{\"system_instruction\":{\"parts\":{\"text\":\"a\"}},"
                                + "\"tools\":{\"tools\":{\"google_search\":{}}},\"model\":\"other\"}}",
                        List.of(
                                new ClientMessage.ContextUpdate("{\"systemInstruction\":{\"parts\":[{\"text\":\"a\"}]},"
                                        + "\"tools\":{\"tools\":[{\"googleSearch\":{}}]}}"),
                                new ClientMessage.LeftOut(List.of("contextUpdate.model")))));
    }

    static Stream<Arguments> filesAnywhere() {
        String file = "{\"file_data\":{\"fileUri\":\"https://example.org/files/1\"}}";
        return Stream.of(
                arguments(
                        "{\"clientContent\":{\"turns\":[{\"parts\":[" + file + "]}]}}",
                        "clientContent.turns[0].parts[0]"),
                arguments(
                        "{\"clientContent\":{\"turns\":[{\"parts\":[{\"functionResponse\":{\"parts\":[" + file
                                + "]}}]}]}}",
                        "clientContent.turns[0].parts[0].functionResponse.parts[0]"),
                arguments(
                        "{\"toolResponse\":{\"functionResponses\":[{\"id\":\"1\",\"parts\":[" + file + "]}]}}",
                        "toolResponse.functionResponses[0].parts[0]"),
                arguments(
                        "{\"contextUpdate\":{\"systemInstruction\":{\"parts\":[" + file + "]}}}",
                        "contextUpdate.systemInstruction.parts[0]"));
    }

    @ParameterizedTest
    @MethodSource
    void filesAnywhere(String text, String place) throws BadInputException {
        // When
        BadInputException refused = assertThrows(BadInputException.class, () -> dialect.decode(text));
        List<ClientMessage> allowed = new TutorialDialect(new MemberRules(true, false, true)).decode(text);

        // Then
        assertEquals("not_allowed", refused.code());
        assertEquals(place + ".fileData is not allowed here (livebridge.policy.file-uris)", refused.getMessage());
        assertEquals(List.of(), refused.understood());
        assertEquals(1, allowed.size());
        assertTrue(allowed.toString().contains("https://example.org/files/1"), allowed.toString());
    }

    @Test
    void turnsOfTheSystemNeedAFreeInstruction() throws BadInputException {
        String text = "{\"clientContent\":{\"turns\":[{\"role\":\"System\",\"parts\":[{\"text\":\"a\"}]}]}}";

        assertEquals(1, dialect.decode(text).size());
        BadInputException refused = assertThrows(
                BadInputException.class, () -> new TutorialDialect(new MemberRules(true, true, false)).decode(text));
        assertEquals("not_allowed", refused.code());
    }

    @Test
    void unknownMembersPassWhereTheOperatorAllowsThem() throws BadInputException {
        String content = "{\"turns\":[{\"parts\":[{\"text\":\"a\",\"novel\":[1]}]}],\"novel\":1}";

        assertEquals(
                List.of(new ClientMessage.ClientContent(
                        content, List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "a")))),
                new TutorialDialect(new MemberRules(false, true, true)).decode("{\"clientContent\":" + content + "}"));
    }

    @Test
    void aFirstFrameOfWhichNothingIsUnderstoodOpensNoSession() {
        BadInputException refused =
                assertThrows(BadInputException.class, () -> dialect.decodeFirst("{\"setup\":5,\"novel\":1}"));

        assertEquals(List.of(), refused.understood());
    }

    @ParameterizedTest
    @MethodSource
    void frames(String text, List<ClientMessage> expected) throws BadInputException {
        assertEquals(expected, dialect.decode(text));
        assertEquals(expected, dialect.decode(text.getBytes(StandardCharsets.UTF_8)), "as a binary frame");
    }

    static Stream<Arguments> badFrames() {
        String pcm = "{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"}";
        return Stream.of(
                arguments("", "bad_json", ""),
                arguments("?", "bad_json", "line 1"),
                arguments("{\"text\":\"a\",\"text\":\"b\"}", "bad_json", ""),
                arguments("{\"text\":NaN}", "bad_json", ""),
                arguments("{\"text\":\"a\"} trailing", "bad_json", ""),
                arguments(chunks(pcm) + "x", "bad_json", ""),
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
                arguments(chunks("{\"mime_type\":\"\",\"data\":\"AAA=\"}"), "bad_mime_type", ""),
                arguments(chunks("{\"mime_type\":\"audio/ogg\",\"data\":\"AAA=\"}"), "bad_mime_type", ""),
                arguments(chunks("{\"mime_type\":\"audio/pcm;rate=\",\"data\":\"AAA=\"}"), "bad_mime_type", ""),
                arguments(chunks("{\"mime_type\":\"audio/pcm;rate=0\",\"data\":\"AAA=\"}"), "bad_mime_type", ""),
                arguments(chunks("{\"mime_type\":\"audio/pcm;rate=-1\",\"data\":\"AAA=\"}"), "bad_mime_type", ""),
                arguments(chunks("{\"mime_type\":\"video/mp4\",\"data\":\"AAA=\"}"), "bad_mime_type", "image/jpeg"),
                arguments(chunks("{\"mime_type\":\"image/gif\",\"data\":\"AAA=\"}"), "bad_mime_type", ""),
                arguments(
                        "{\"realtime_input\":{\"audio\":{\"mime_type\":\"image/jpeg\",\"data\":\"AAA=\"}}}",
                        "bad_mime_type",
                        "realtimeInput.audio.mimeType"),
                arguments(
                        "{\"realtime_input\":{\"video\":{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"}}}",
                        "bad_mime_type",
                        "realtimeInput.video.mimeType"),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"A\"}"), "bad_base64", "[0].data"),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AA A\"}"), "bad_base64", ""),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\\n\"}"), "bad_base64", ""),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AA==AA==\"}"), "bad_base64", ""),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"\\\"AAA\"}"), "bad_base64", ""),
                arguments(chunks("{\"mime_type\":\"image/png\",\"data\":\"äöü=\"}"), "bad_base64", ""),
                arguments(
                        "{\"client_content\":{\"turns\":[{\"parts\":[{\"inline_data\":{\"data\":\"?\"}}]}]}}",
                        "bad_base64",
                        "clientContent.turns[0].parts[0].inlineData.data"),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AA==\"}"), "bad_pcm", "[0].data"),
                arguments(chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAAA\"}"), "bad_pcm", "odd"));
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
        String text = chunks("{\"mime_type\":\"audio/pcm\",\"data\":\"AAA=\"},"
                + "{\"mime_type\":\"video/mp4\",\"data\":\"AAA=\"},"
                + "{\"mime_type\":\"audio/pcm\",\"data\":\"secret\\n\"},"
                + "{\"mime_type\":\"audio/pcm\",\"data\":\"AQE=\"}");

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

    static Stream<Arguments> downstream() {
        return Stream.of(
                arguments(
                        new ServerMessage.Audio(new Base64Text("AAA="), "audio/pcm;rate=24000"),
                        "{\"audio\":\"AAA=\"}"),
                arguments(new ServerMessage.Text("a \"b\"\n", false), "{\"text\":\"a \\\"b\\\"\\n\"}"),
                arguments(new ServerMessage.Text("hmm", true), null),
                arguments(new ServerMessage.Interrupted(), "{\"interrupted\":true}"),
                arguments(new ServerMessage.TurnComplete(null), "{\"turn_complete\":true}"),
                arguments(
                        transcription(TranscriptSource.INPUT, false),
                        "{\"transcription\":{\"text\":\" hi\",\"sender\":\"User\",\"finished\":false}}"),
                arguments(
                        transcription(TranscriptSource.OUTPUT, true),
                        "{\"transcription\":{\"text\":\" hi\",\"sender\":\"Gemini\",\"finished\":true}}"),
                arguments(transcription(TranscriptSource.INTERIM_INPUT, false), null),
                arguments(
                        new GatewayMessage.Problem("bad_json", "That's \"no\" JSON.", "Fix it.", 10L, true),
                        "{\"error\":{\"code\":\"bad_json\",\"message\":\"That's \\\"no\\\" JSON. Fix it.\"}}"),
                arguments(
                        new GatewayMessage.Ready(
                                "s",
                                "simulator",
                                "m",
                                "{}",
                                List.of(),
                                false,
                                GatewayMessage.Memory.NEW,
                                false,
                                List.of()),
                        null),
                arguments(new GatewayMessage.ResumeOffer("t", 1), null),
                arguments(new GatewayMessage.Migrate("t", 1), null),
                arguments(new GatewayMessage.Pong(1, 2), null),
                arguments(new GatewayMessage.Renewing(), null),
                arguments(new GatewayMessage.Reconnecting(1, 200), null),
                arguments(new GatewayMessage.Reconnected(GatewayMessage.Memory.RESUMED), null),
                arguments(new GatewayMessage.Warning("idle_timeout", "Still there?", 30_000L), null),
                arguments(new ServerMessage.SetupComplete("{}"), null),
                arguments(new ServerMessage.OtherPart("{}"), null),
                arguments(new ServerMessage.Grounding("groundingMetadata", "{}"), null),
                arguments(new ServerMessage.ToolCall(List.of(), "{}"), null),
                arguments(new ServerMessage.ToolCallCancellation(List.of("1")), null),
                arguments(new ServerMessage.GenerationComplete(), null),
                arguments(new ServerMessage.InteractionStatus("IDLE", false), null),
                arguments(new ServerMessage.WaitingForInput(), null),
                arguments(new ServerMessage.Usage(1, 2, 3, "{}"), null),
                arguments(new ServerMessage.ResumptionUpdate("h", true, "{}"), null),
                arguments(new ServerMessage.GoAway(Duration.ofSeconds(50)), null),
                arguments(new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_START", "{}"), null),
                arguments(new ServerMessage.Unknown("", "text", "\"x\""), null));
    }

    @ParameterizedTest
    @MethodSource
    void downstream(DownstreamMessage message, String expected) {
        OutboundFrame frame = dialect.newEncoder(0).encode(message, 1);

        if (expected == null) {
            assertNull(frame);
        } else {
            assertEquals(new OutboundFrame.Text(expected), frame);
        }
    }

    private static String chunks(String list) {
        return "{\"realtime_input\":{\"media_chunks\":[" + list + "]}}";
    }

    private static ClientMessage setup(String json) {
        return new ClientMessage.Setup(json);
    }

    private static ClientMessage audio(String base64) {
        return new ClientMessage.Audio(new Base64Text(base64), "audio/pcm");
    }

    private static ServerMessage transcription(TranscriptSource source, boolean finished) {
        return new ServerMessage.Transcription(source, " hi", finished, "{}");
    }
}
