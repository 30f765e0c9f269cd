package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Signal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WireEncoderTest {

    private static final Base64Text DATA = new Base64Text("AAA=");

    static Stream<Arguments> messages() {
        return Stream.of(
                arguments(
                        new ClientMessage.Audio(DATA, "audio/pcm"),
                        "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"AAA=\"}}}"),
                arguments(
                        new ClientMessage.Audio(DATA, "audio/pcm;rate=48000"),
                        "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=48000\",\"data\":\"AAA=\"}}}"),
                arguments(
                        new ClientMessage.Video(DATA, "image/jpeg"),
                        "{\"realtimeInput\":{\"video\":{\"mimeType\":\"image/jpeg\",\"data\":\"AAA=\"}}}"),
                arguments(new ClientMessage.RealtimeText("a\"\\\n"), "{\"realtimeInput\":{\"text\":\"a\\\"\\\\\\n\"}}"),
                arguments(Signal.ACTIVITY_START, "{\"realtimeInput\":{\"activityStart\":{}}}"),
                arguments(Signal.ACTIVITY_END, "{\"realtimeInput\":{\"activityEnd\":{}}}"),
                arguments(Signal.AUDIO_STREAM_END, "{\"realtimeInput\":{\"audioStreamEnd\":true}}"),
                arguments(new ClientMessage.Setup("{\"model\":\"models/m\"}"), "{\"setup\":{\"model\":\"models/m\"}}"),
                arguments(
                        new ClientMessage.ClientContent("{\"turnComplete\":true}", List.of()),
                        "{\"clientContent\":{\"turnComplete\":true}}"),
                arguments(new ClientMessage.ToolResponse(List.of()), "{\"toolResponse\":{\"functionResponses\":[]}}"),
                arguments(new ClientMessage.Ping(1, 2), null));
    }

    @Test
    void aLateResultIsATypedTurnAndALongOneIsCut() {
        ClientMessage result = new ClientMessage.LateResult("book", "{\"id\":\"7\"}");
        ClientMessage huge = new ClientMessage.LateResult("", "x".repeat(20_000));

        String told = encoded(TextRoute.CLIENT_CONTENT, result);

        assertTrue(told.startsWith("{\"clientContent\":") && told.contains("The function book "), told);
        assertTrue(told.contains("{\\\"id\\\":\\\"7\\\"}") && told.endsWith("\"turnComplete\":true}}"), told);
        assertTrue(encoded(TextRoute.REALTIME_INPUT, result).startsWith("{\"realtimeInput\":{\"text\":"));
        assertTrue(encoded(TextRoute.CLIENT_CONTENT, huge).length() < 17_000);
    }

    private static String encoded(TextRoute route, ClientMessage message) {
        return Objects.requireNonNull(new WireEncoder(route).encode(message));
    }

    @ParameterizedTest
    @MethodSource
    void messages(ClientMessage message, String expected) {
        for (TextRoute route : TextRoute.values()) {
            assertEquals(expected, new WireEncoder(route).encode(message));
        }
    }

    @Test
    void aTypedTurnGoesWhereTheModelWantsIt() {
        ClientMessage turn = new ClientMessage.UserTurn("hi \"you\"");

        assertEquals(
                "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi \\\"you\\\"\"}]}],"
                        + "\"turnComplete\":true}}",
                new WireEncoder(TextRoute.CLIENT_CONTENT).encode(turn));
        assertEquals(
                "{\"realtimeInput\":{\"text\":\"hi \\\"you\\\"\"}}",
                new WireEncoder(TextRoute.REALTIME_INPUT).encode(turn));
    }
}
