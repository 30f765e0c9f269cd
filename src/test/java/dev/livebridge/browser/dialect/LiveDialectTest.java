package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.session.turn.TurnCounter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LiveDialectTest {

    private static final long STARTED = 5_000_000_000L;

    private long now = STARTED;
    private final Dialect dialect = new LiveDialect(MemberRules.DEFAULTS, () -> now);
    private final Dialect.Encoder encoder = dialect.newEncoder(STARTED);
    private final TurnCounter turns = new TurnCounter(1);

    @Test
    void label() {
        assertEquals("live", dialect.label());
    }

    @Test
    void theFirstMessageIsASetup() throws BadInputException {
        List<ClientMessage> messages = dialect.decodeFirst(
                "{\"setup\":{\"generation_config\":{\"response_modalities\":\"audio\"}},\"text\":\"hi\"}");

        assertEquals(
                List.of(
                        new ClientMessage.Setup("{\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]}}"),
                        new ClientMessage.UserTurn("hi")),
                messages);
    }

    static Stream<Arguments> badFirstFrames() {
        return Stream.of(
                arguments("", "bad_json"),
                arguments("\u0001\u0000\u0000\u0000", "bad_json"),
                arguments("[]", "bad_shape"),
                arguments("{}", "bad_shape"),
                arguments("{\"setup\":null}", "bad_shape"),
                arguments("{\"setup\":\"x\"}", "bad_shape"),
                arguments("{\"text\":\"hi\"}", "bad_shape"));
    }

    @ParameterizedTest
    @MethodSource
    void badFirstFrames(String text, String code) {
        BadInputException thrown = assertThrows(BadInputException.class, () -> dialect.decodeFirst(text));

        assertEquals(code, thrown.code());
        assertEquals(List.of(), thrown.understood());
    }

    static Stream<Arguments> textFrames() {
        return Stream.of(
                arguments("{}", List.of()),
                arguments("{\"ping\":{\"t\":1234.5}}", List.of(new ClientMessage.Ping(1234.5, STARTED))),
                arguments(
                        "{\"ping\":{\"t\":7},\"other\":1}",
                        List.of(new ClientMessage.Ping(7, STARTED), new ClientMessage.LeftOut(List.of("other")))),
                arguments("{\"ping\":null}", List.of()),
                arguments(
                        "{\"beacon\":{\"turn\":3,\"firstSoundMs\":640.5,\"interruptSilenceMs\":35,\"underruns\":2}}",
                        List.of(new ClientMessage.Beacon(3, 640.5, 35.0, 2))),
                arguments(
                        "{\"beacon\":{\"turn\":3,\"firstSoundMs\":0,\"underruns\":null}}",
                        List.of(new ClientMessage.Beacon(3, 0, null, null))),
                arguments("{\"text\":\"hi\"}", List.of(new ClientMessage.UserTurn("hi"))),
                arguments(
                        "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"AAA=\"}}}",
                        List.of(new ClientMessage.Audio(new Base64Text("AAA="), "audio/pcm;rate=16000"))),
                arguments(
                        "{\"realtimeInput\":{\"audioStreamEnd\":true}}",
                        List.of(ClientMessage.Signal.AUDIO_STREAM_END)),
                arguments("{\"toolResponse\":{}}", List.of(new ClientMessage.ToolResponse(List.of()))),
                arguments("{\"clientContent\":{}}", List.of(new ClientMessage.ClientContent("{}", List.of()))));
    }

    @ParameterizedTest
    @MethodSource
    void textFrames(String text, List<ClientMessage> expected) throws BadInputException {
        assertEquals(expected, dialect.decode(text));
    }

    static Stream<Arguments> badTextFrames() {
        return Stream.of(
                arguments("ping", "bad_json"),
                arguments("{\"pong\":1}", "bad_shape"),
                arguments("{\"ping\":{}}", "bad_shape"),
                arguments("{\"ping\":7}", "bad_shape"),
                arguments("{\"ping\":{\"t\":\"7\"}}", "bad_shape"),
                arguments("{\"ping\":{\"t\":1e999}}", "bad_shape"),
                arguments("{\"beacon\":7}", "bad_shape"),
                arguments("{\"beacon\":{\"turn\":1}}", "bad_shape"),
                arguments("{\"beacon\":{\"firstSoundMs\":1}}", "bad_shape"),
                arguments("{\"beacon\":{\"turn\":1,\"firstSoundMs\":-1}}", "bad_shape"),
                arguments("{\"beacon\":{\"turn\":1,\"firstSoundMs\":1e999}}", "bad_shape"),
                arguments("{\"beacon\":{\"turn\":1,\"firstSoundMs\":\"1\"}}", "bad_shape"),
                arguments("{\"beacon\":{\"turn\":1,\"firstSoundMs\":1,\"underruns\":[]}}", "bad_shape"),
                arguments("{\"beacon\":{\"turn\":1,\"firstSoundMs\":1,\"interruptSilenceMs\":true}}", "bad_shape"),
                arguments("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"a/b\",\"data\":\"AAA=\"}}}", "bad_mime_type"),
                arguments("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm\",\"data\":\"A\"}}}", "bad_base64"),
                arguments("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAAA\"}}}", "bad_pcm"));
    }

    @ParameterizedTest
    @MethodSource
    void badTextFrames(String text, String code) {
        assertEquals(
                code,
                assertThrows(BadInputException.class, () -> dialect.decode(text))
                        .code());
    }

    static Stream<Arguments> binaryFrames() {
        return Stream.of(
                arguments(
                        "01 03 3412 78560000 0100ff7f",
                        new ClientMessage.Audio(new Base64Text("AQD/fw=="), "audio/pcm;rate=16000")),
                arguments(
                        "02 00 0000 00000000 ffd8ffd9",
                        new ClientMessage.Video(new Base64Text("/9j/2Q=="), "image/jpeg")),
                arguments("03 00 ffff ffffffff ffd8ff", new ClientMessage.Video(new Base64Text("/9j/"), "image/jpeg")));
    }

    @ParameterizedTest
    @MethodSource
    void binaryFrames(String hex, ClientMessage expected) throws BadInputException {
        assertEquals(List.of(expected), dialect.decode(bytes(hex)));
    }

    static Stream<Arguments> badBinaryFrames() {
        return Stream.of(
                arguments("", "header"),
                arguments("01", "header"),
                arguments("01 00 0000 000000", "header"),
                arguments("01 00 0000 00000000", "payload"),
                arguments("02 00 0000 00000000", "payload"),
                arguments("00 00 0000 00000000 0100", "kind 0"),
                arguments("04 00 0000 00000000 0100", "kind 4"),
                arguments("7b 00 0000 00000000 0100", "kind 123"),
                arguments("81 00 0000 00000000 0100", "kind 129"),
                arguments("ff 00 0000 00000000 0100", "kind 255"),
                arguments("01 04 0000 00000000 0100", "flags"),
                arguments("01 80 0000 00000000 0100", "flags"),
                arguments("01 00 0000 00000000 01", "odd"),
                arguments("01 00 0000 00000000 010001", "odd"),
                arguments("02 00 0000 00000000 ffd8", "JPEG"),
                arguments("02 00 0000 00000000 89504e470d0a1a0a", "JPEG"),
                arguments("03 00 0000 00000000 00ffd8ff", "JPEG"));
    }

    @ParameterizedTest
    @MethodSource
    void badBinaryFrames(String hex, String hint) {
        BadInputException thrown = assertThrows(BadInputException.class, () -> dialect.decode(bytes(hex)));

        assertEquals("bad_frame", thrown.code());
        assertTrue(String.valueOf(thrown.getMessage()).contains(hint), thrown.getMessage());
    }

    @Test
    void jsonInABinaryFrameIsNoMedium() {
        byte[] json = "{\"text\":\"hello\"}".getBytes(StandardCharsets.UTF_8);

        assertEquals(
                "bad_frame",
                assertThrows(BadInputException.class, () -> dialect.decode(json))
                        .code());
    }

    static Stream<Arguments> downstream() {
        return Stream.of(
                arguments(
                        new GatewayMessage.Ready(
                                "s1",
                                "simulator",
                                "m",
                                "{\"a\":1}",
                                null,
                                List.of("n \"1\""),
                                false,
                                GatewayMessage.Memory.NEW,
                                false,
                                List.of()),
                        "{\"type\":\"ready\",\"session\":\"s1\",\"backend\":\"simulator\",\"model\":\"m\",\"setup\":{\"a\":1},"
                                + "\"notices\":[\"n \\\"1\\\"\"],\"t\":1.5,\"resumed\":false,\"memory\":\"new\"}"),
                arguments(
                        new GatewayMessage.Ready(
                                "s1",
                                "simulator",
                                "m",
                                "{}",
                                null,
                                List.of(),
                                true,
                                GatewayMessage.Memory.REBUILT,
                                true,
                                List.of(
                                        new TranscriptEntry(TranscriptEntry.Role.USER, "a \"b\""),
                                        new TranscriptEntry(TranscriptEntry.Role.MODEL, "c"))),
                        "{\"type\":\"ready\",\"session\":\"s1\",\"backend\":\"simulator\",\"model\":\"m\",\"setup\":{},"
                                + "\"notices\":[],\"t\":1.5,\"resumed\":true,\"memory\":\"rebuilt\",\"answering\":true,\"transcript\":["
                                + "{\"role\":\"user\",\"text\":\"a \\\"b\\\"\"},{\"role\":\"model\",\"text\":\"c\"}]}"),
                arguments(
                        new GatewayMessage.ResumeOffer("tok-en_1", 300_000),
                        "{\"type\":\"resumeToken\",\"token\":\"tok-en_1\",\"expiresInMs\":300000}"),
                arguments(
                        new GatewayMessage.Migrate("tok-en_1", 300_000),
                        "{\"type\":\"migrate\",\"token\":\"tok-en_1\",\"expiresInMs\":300000}"),
                arguments(
                        new GatewayMessage.Problem("c", "m", "r", 60_000L, true),
                        "{\"type\":\"error\",\"code\":\"c\",\"message\":\"m\",\"remedy\":\"r\","
                                + "\"retryAfter\":60000,\"fatal\":true}"),
                arguments(
                        new GatewayMessage.Problem("c", "m", null, null, false),
                        "{\"type\":\"error\",\"code\":\"c\",\"message\":\"m\",\"fatal\":false}"),
                arguments(new GatewayMessage.Renewing(), "{\"type\":\"upstream\",\"state\":\"renewing\"}"),
                arguments(
                        new GatewayMessage.Reconnecting(2, 400),
                        "{\"type\":\"upstream\",\"state\":\"reconnecting\",\"attempt\":2,\"retryInMs\":400}"),
                arguments(
                        new GatewayMessage.Reconnected(GatewayMessage.Memory.REBUILT),
                        "{\"type\":\"upstream\",\"state\":\"ready\",\"memory\":\"rebuilt\"}"),
                arguments(
                        new GatewayMessage.Warning("idle_timeout", "Still there?", 30_000L),
                        "{\"type\":\"warning\",\"code\":\"idle_timeout\",\"message\":\"Still there?\",\"inMs\":30000}"),
                arguments(
                        new GatewayMessage.Pong(1234.5, STARTED + 1_250_000),
                        "{\"type\":\"pong\",\"t\":1234.5,\"received\":1.25,\"sent\":1.5}"),
                arguments(
                        new ServerMessage.Transcription(TranscriptSource.INPUT, " hi", false, "{}"),
                        "{\"type\":\"transcript\",\"turn\":1,\"role\":\"user\",\"text\":\" hi\"}"),
                arguments(
                        new ServerMessage.Transcription(TranscriptSource.INTERIM_INPUT, "h", false, "{}"),
                        "{\"type\":\"transcript\",\"turn\":1,\"role\":\"user\",\"text\":\"h\",\"interim\":true}"),
                arguments(
                        new ServerMessage.Transcription(TranscriptSource.OUTPUT, "<b>", true, "{}"),
                        "{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"<b>\",\"finished\":true}"),
                arguments(new ServerMessage.Text("t", false), "{\"type\":\"text\",\"turn\":1,\"text\":\"t\"}"),
                arguments(
                        new ServerMessage.Text("t", true),
                        "{\"type\":\"text\",\"turn\":1,\"text\":\"t\",\"thought\":true}"),
                arguments(
                        new ServerMessage.OtherPart("{\"x\":1}"), "{\"type\":\"part\",\"turn\":1,\"part\":{\"x\":1}}"),
                arguments(new ServerMessage.Interrupted(), "{\"type\":\"interrupted\",\"turn\":1}"),
                arguments(new ServerMessage.GenerationComplete(), "{\"type\":\"generationComplete\",\"turn\":1}"),
                arguments(new ServerMessage.TurnComplete(null), "{\"type\":\"turnComplete\",\"turn\":1}"),
                arguments(
                        new ServerMessage.TurnComplete("NEED_MORE_INPUT"),
                        "{\"type\":\"turnComplete\",\"turn\":1,\"reason\":\"NEED_MORE_INPUT\"}"),
                arguments(
                        new ServerMessage.InteractionStatus("IDLE", false),
                        "{\"type\":\"status\",\"turn\":1,\"status\":\"IDLE\"}"),
                arguments(
                        new ServerMessage.WaitingForInput(),
                        "{\"type\":\"status\",\"turn\":1,\"status\":\"WAITING_FOR_INPUT\"}"),
                arguments(
                        new ServerMessage.ToolCall(
                                List.of(new ServerMessage.FunctionCall("1", "")),
                                "{\"functionCalls\":[{\"id\":\"1\"}]}"),
                        "{\"type\":\"toolCall\",\"turn\":1,\"calls\":[{\"id\":\"1\"}]}"),
                arguments(
                        new ServerMessage.ToolCall(
                                List.of(new ServerMessage.FunctionCall("1", "")),
                                "{\"functionCalls\":[{\"id\":\"1\"}]}",
                                true),
                        "{\"type\":\"toolCall\",\"turn\":1,\"calls\":[{\"id\":\"1\"}]}"),
                arguments(
                        new ServerMessage.ToolCall(
                                List.of(new ServerMessage.FunctionCall("1", "")),
                                "{\"function_calls\":[{\"id\":\"1\"}]}"),
                        "{\"type\":\"toolCall\",\"turn\":1,\"calls\":[{\"id\":\"1\"}]}"),
                arguments(
                        new ServerMessage.ToolCall(List.of(), "{}"), "{\"type\":\"toolCall\",\"turn\":1,\"calls\":[]}"),
                arguments(
                        new ServerMessage.ToolCallCancellation(List.of("1", "2")),
                        "{\"type\":\"toolCallCancellation\",\"ids\":[\"1\",\"2\"]}"),
                arguments(
                        new ServerMessage.Grounding("groundingMetadata", "{\"g\":1}"),
                        "{\"type\":\"grounding\",\"turn\":1,\"groundingMetadata\":{\"g\":1}}"),
                arguments(
                        new ServerMessage.Grounding("urlContextMetadata", "{\"u\":1}"),
                        "{\"type\":\"grounding\",\"turn\":1,\"urlContextMetadata\":{\"u\":1}}"),
                arguments(
                        new ServerMessage.Usage(1, 2, 3, "{\"x\":1}"),
                        "{\"type\":\"usage\",\"turn\":1,\"promptTokens\":1,\"responseTokens\":2,\"totalTokens\":3,"
                                + "\"usageMetadata\":{\"x\":1}}"),
                arguments(
                        new GatewayMessage.Timing(
                                STARTED + 1_000_000L,
                                GatewayMessage.Timing.SpeechEnd.PUSH_TO_TALK,
                                STARTED + 2_000_000L,
                                STARTED + 3_500_000L,
                                STARTED + 4_000_000L,
                                STARTED + 5_000_000L,
                                STARTED + 6_000_000L),
                        "{\"type\":\"timing\",\"turn\":1,\"speechEnd\":1,\"speechEndSource\":\"push_to_talk\","
                                + "\"inputReceived\":2,\"inputWritten\":3.5,\"firstByteReceived\":4,"
                                + "\"firstAudioReceived\":5,\"firstAudioWritten\":6}"),
                arguments(
                        new GatewayMessage.Timing(null, null, null, null, STARTED, STARTED, STARTED + 1_000_000L),
                        "{\"type\":\"timing\",\"turn\":1,\"firstByteReceived\":0,\"firstAudioReceived\":0,"
                                + "\"firstAudioWritten\":1}"),
                arguments(
                        new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_START", "{}"),
                        "{\"type\":\"voiceActivity\",\"activity\":\"start\"}"),
                arguments(
                        new ServerMessage.VoiceActivity("voiceActivityDetectionSignal", "VAD_SIGNAL_TYPE_EOS", "{}"),
                        "{\"type\":\"voiceActivity\",\"activity\":\"end\"}"),
                arguments(new ServerMessage.VoiceActivity("voiceActivity", "NEW", "{}"), null),
                arguments(new ServerMessage.SetupComplete("{}"), null),
                arguments(new ServerMessage.ResumptionUpdate("h", true, "{}"), null),
                arguments(new ServerMessage.GoAway(Duration.ZERO), null),
                arguments(new ServerMessage.Unknown("", "x", "1"), null));
    }

    @ParameterizedTest
    @MethodSource
    void downstream(DownstreamMessage message, String expected) {
        now = STARTED + 1_500_000;

        OutboundFrame frame = encode(message);

        assertEquals(expected == null ? null : new OutboundFrame.Text(expected), frame);
    }

    @Test
    void theModelsVoiceGoesInBinaryFrames() {
        now = STARTED + 0x0102_03L * 1_000_000;

        byte[] first = binary(encode(voice()));
        byte[] second = binary(encode(voice()));
        encode(new ServerMessage.TurnComplete(null));
        byte[] nextTurn = binary(encode(voice()));

        assertArrayEquals(bytes("81 01 0100 03020100 0100ff7f"), first);
        assertArrayEquals(bytes("81 00 0100 03020100 0100ff7f"), second);
        assertArrayEquals(bytes("81 01 0200 03020100 0100ff7f"), nextTurn);
    }

    @Test
    void aTurnsNumberHoldsUntilTheNextTurnBegins() {
        assertEquals(1, turnOf(new ServerMessage.Transcription(TranscriptSource.INPUT, "a", false, "{}")));
        assertEquals(1, turnOf(new ServerMessage.Text("b", false)));
        assertEquals(1, turnOf(new ServerMessage.TurnComplete(null)));
        assertEquals(1, turnOf(new ServerMessage.Usage(1, 1, 2, "{}")));
        assertEquals(1, turnOf(new ServerMessage.InteractionStatus("IDLE", false)));
        assertEquals(2, turnOf(new ServerMessage.Interrupted()));
        assertEquals(2, turnOf(new ServerMessage.TurnComplete(null)));
        assertEquals(3, turnOf(new ServerMessage.TurnComplete("RESPONSE_REJECTED")));
        assertEquals(4, turnOf(new ServerMessage.Transcription(TranscriptSource.INPUT, "c", false, "{}")));
    }

    @Test
    void turnNumbersWrapInTheHeaderOnly() {
        for (int i = 0; i < 0x1_0001; i++) {
            encode(new ServerMessage.TurnComplete(null));
        }

        byte[] frame = binary(encode(voice()));

        assertArrayEquals(bytes("81 01 0200 00000000 0100ff7f"), frame);
        assertEquals(0x1_0002, turnOf(new ServerMessage.Interrupted()));
    }

    private @Nullable OutboundFrame encode(DownstreamMessage message) {
        return encoder.encode(message, turns.onMessage(message).number());
    }

    private int turnOf(ServerMessage message) {
        String text =
                assertInstanceOf(OutboundFrame.Text.class, encode(message)).text();
        return Integer.parseInt(text.replaceAll(".*\"turn\":([0-9]+).*", "$1"));
    }

    private static ServerMessage voice() {
        return new ServerMessage.Audio(new Base64Text("AQD/fw=="), "audio/pcm;rate=24000");
    }

    private static byte[] binary(@Nullable OutboundFrame frame) {
        return assertInstanceOf(OutboundFrame.Binary.class, frame).data();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
