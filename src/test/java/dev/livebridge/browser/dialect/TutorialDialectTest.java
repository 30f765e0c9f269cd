package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.TutorialFrames.audio;
import static dev.livebridge.browser.dialect.TutorialFrames.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tutorial's protocol: the first frame of a client, and the frames to the client. */
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

    @Test
    void aFirstFrameOfWhichNothingIsUnderstoodOpensNoSession() {
        BadInputException refused =
                assertThrows(BadInputException.class, () -> dialect.decodeFirst("{\"setup\":5,\"novel\":1}"));

        assertEquals(List.of(), refused.understood());
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
                                null,
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

        assertEquals(expected, Frames.text(frame));
        assertEquals(expected == null, frame == null);
    }

    private static ServerMessage transcription(TranscriptSource source, boolean finished) {
        return new ServerMessage.Transcription(source, " hi", finished, "{}");
    }
}
