package dev.livebridge.browser.dialect;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.Samples;
import dev.livebridge.gemini.wire.WireDecoder;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.resumption.HandleOwner;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumptionKeys;
import io.quarkus.runtime.LaunchMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Gemini dialect, as SDKs send and expect it. */
class GeminiDialectTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final HandleSealer HANDLES = new HandleSealer(new ResumptionKeys(List.of(), LaunchMode.TEST));

    private final GeminiDialect dialect = new GeminiDialect(MemberRules.DEFAULTS, HANDLES);
    private final Dialect.Encoder encoder = dialect.newEncoder(0);

    static Stream<Samples.Frame> serverFrames() {
        return Samples.frames().stream().filter(Samples.Frame::fromServer);
    }

    /** All recorded messages of Gemini reach the client with the same meaning. */
    @ParameterizedTest
    @MethodSource("serverFrames")
    void passesOnWhatTheServiceSays(Samples.Frame frame) throws Exception {
        WireDecoder decoder = new WireDecoder();
        List<ServerMessage> said = decoder.decode(frame.text()).stream()
                .filter(message ->
                        !(message instanceof ServerMessage.SetupComplete) && !(message instanceof ServerMessage.GoAway))
                .toList();

        encode(ready("model"));
        List<ServerMessage> heard = new ArrayList<>();
        for (ServerMessage message : said) {
            byte[] data = Frames.binary(encode(message));
            if (data != null) {
                for (ServerMessage again : decoder.decode(new String(data, StandardCharsets.UTF_8))) {
                    heard.add(opened(again));
                }
            }
        }

        assertEquals(said, heard);
    }

    /** The same with the model's own handle in place of the one that clients get. */
    private static ServerMessage opened(ServerMessage message) throws ResumeRefusedException {
        if (!(message instanceof ServerMessage.ResumptionUpdate update) || update.handle() == null) {
            return message;
        }
        HandleSealer.Handle handle = HANDLES.open(update.handle());
        assertEquals("model", handle.model());
        return new ServerMessage.ResumptionUpdate(
                handle.handle(), update.resumable(), update.json().replace(update.handle(), handle.handle()));
    }

    private static GatewayMessage.Ready ready(String model) {
        return new GatewayMessage.Ready(
                "id", "gemini", model, "{}", null, List.of(), false, GatewayMessage.Memory.NEW, false, List.of());
    }

    @Test
    void aHandleComesBackAsTheModelsOwn() throws Exception {
        // Given
        encode(ready("gemini-3.8-live"));
        String sealed = json(encode(
                        new ServerMessage.ResumptionUpdate("h1", true, "{\"new_handle\":\"h1\",\"resumable\":true}")))
                .at("/sessionResumptionUpdate/newHandle")
                .asText();

        // When
        List<ClientMessage> messages = dialect.decodeFirst(
                "{\"setup\":{\"model\":\"models/m\",\"session_resumption\":{\"handle\":\"" + sealed + "\"}}}");

        // Then
        assertEquals(
                List.of(new ClientMessage.Setup(
                        "{\"model\":\"models/m\",\"sessionResumption\":{}}",
                        new ClientMessage.Resumption("h1", "gemini-3.8-live"))),
                messages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANDLE-OF-SOMEBODY-ELSE", " ", "Auhandle", "e30"})
    void aHandleThatWasNotSealedHereIsRefusedAsAtTheService(String handle) {
        BadInputException refused = assertThrows(
                BadInputException.class,
                () -> dialect.decodeFirst("{\"setup\":{\"sessionResumption\":{\"handle\":\"" + handle + "\"}}}"));

        assertEquals("Invalid session handle", refused.getMessage());
        assertEquals("bad_handle", refused.code());
    }

    @Test
    void aHandleOfAnotherCallerIsRefusedAsAtTheService() {
        String sealed = HANDLES.seal(
                new HandleSealer.Handle("h1", "gemini-3.8-live", null, new HandleOwner("key:other", null, null)));

        BadInputException refused = assertThrows(
                BadInputException.class,
                () -> dialect.decodeFirst("{\"setup\":{\"sessionResumption\":{\"handle\":\"" + sealed + "\"}}}"));

        assertEquals("Invalid session handle", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"handle\":\"\"}", "{\"handle\":null}"})
    void anEmptyHandleIsNone(String resumption) throws Exception {
        ClientMessage.Setup setup = assertInstanceOf(
                ClientMessage.Setup.class,
                dialect.decodeFirst("{\"setup\":{\"sessionResumption\":" + resumption + "}}")
                        .getFirst());

        assertNull(setup.resumption());
    }

    static Stream<Samples.Frame> conversationFrames() {
        return Samples.frames().stream()
                .filter(frame -> !frame.fromServer() && !frame.text().startsWith("{\"setup\""));
    }

    @ParameterizedTest
    @MethodSource("conversationFrames")
    void readsWhatSdksSay(Samples.Frame frame) throws Exception {
        List<ClientMessage> messages = dialect.decode(frame.text());

        assertEquals(new TutorialDialect().decode(frame.text()), messages);
        assertEquals(messages, dialect.decode(frame.text().getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audio/pcm;rate=16000;channels=1|audio/pcm;rate=16000",
                "audio/pcm; channels=1; rate=48000|audio/pcm;rate=48000",
                "AUDIO/L16;rate=16000|audio/pcm;rate=16000",
                "audio/L16;codec=pcm;rate=24000|audio/pcm;rate=24000",
                "audio/l16|audio/pcm",
                "audio/pcm|audio/pcm",
            })
    void takesSoundUnderTheNamesOfPcm(String mimeType, String canonical) throws Exception {
        assertEquals(
                List.of(new ClientMessage.Audio(new Base64Text("AAAA"), canonical)), dialect.decode(audio(mimeType)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audio/opus",
                "audio/wav",
                "audio/pcmu",
                "audio/pcm;rate=16000;channels=2",
                "audio/pcm;rate=16000;rate=8000",
                "audio/pcm;rate=16",
                "audio/pcm;",
                "audio/l16;rate=16000;endian=big",
                "image/heic"
            })
    void saysWhichSoundItTakes(String mimeType) {
        BadInputException bad = assertThrows(BadInputException.class, () -> dialect.decode(audio(mimeType)));

        assertEquals("realtimeInput.audio.mimeType must be audio/pcm or audio/pcm;rate=N", bad.getMessage());
    }

    /** Three bytes: the third byte moves to the next chunk. */
    private static String audio(String mimeType) {
        return "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"" + mimeType + "\",\"data\":\"AAAA\"}}}";
    }

    @Test
    void confirmsTheSetupInTwentySixBytes() {
        OutboundFrame frame = encode(new GatewayMessage.Ready(
                "id", "simulator", "model", "{}", null, List.of(), false, GatewayMessage.Memory.NEW, false, List.of()));

        assertEquals(26, bytes(frame).length);
        assertEquals("{\"setupComplete\":{}}", json(frame).toString());
    }

    @Test
    void aStatusStaysWithItsTurnComplete() {
        // Given
        assertNull(encode(new ServerMessage.InteractionStatus("IN_PROGRESS", true)));

        // When
        OutboundFrame frame = encode(new ServerMessage.TurnComplete(null));

        // Then
        assertEquals(
                "{\"serverContent\":{\"turnComplete\":true,\"interactionStatus\":\"IN_PROGRESS\"}}",
                json(frame).toString());
        assertEquals(
                "{\"serverContent\":{\"turnComplete\":true}}",
                json(encode(new ServerMessage.TurnComplete(null))).toString());
    }

    @Test
    void theGatewayRenewsConnectionsAndNamesErrorsInTheCloseFrame() {
        for (DownstreamMessage silent : List.of(
                new ServerMessage.GoAway(Duration.ofSeconds(50)),
                new GatewayMessage.Problem("internal", "Internal error.", null, null, true),
                new GatewayMessage.Pong(1, 2))) {
            assertNull(encode(silent));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"realtimeInput\":{\"text\":\"hello\"}}",
                "{\"setup\":1}",
                "{\"setup\":\"model\"}",
            })
    void theFirstFrameMustBeASetup(String frame) {
        assertThrows(BadInputException.class, () -> dialect.decodeFirst(frame));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{\"setup\":{}}",
                "{\"unheardOf\":{}}",
                "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm\",\"data\":\"%%%\"}}}",
                "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/mp3\",\"data\":\"AAAA\"}}}",
                "{\"clientContent\":[]}",
            })
    void laterFramesMustMakeSense(String frame) {
        assertThrows(BadInputException.class, () -> dialect.decode(frame));
        assertThrows(BadInputException.class, () -> dialect.decode(frame.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBinaryFrameMustBeText() {
        assertThrows(BadInputException.class, () -> dialect.decode(new byte[] {(byte) 0xC3, '('}));
    }

    private static byte[] bytes(@Nullable OutboundFrame frame) {
        return requireNonNull(Frames.binary(frame), "no binary frame");
    }

    private static JsonNode json(@Nullable OutboundFrame frame) {
        try {
            return MAPPER.readTree(new String(bytes(frame), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON", e);
        }
    }

    private @Nullable OutboundFrame encode(DownstreamMessage message) {
        return encoder.encode(message, 1);
    }
}
