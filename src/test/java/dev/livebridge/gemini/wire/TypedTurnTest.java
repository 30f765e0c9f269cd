package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.message.ClientMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Typed turns in clientContent, for models that take clientContent for their history only. */
class TypedTurnTest {

    private static final String HELLO =
            "{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}],\"turnComplete\":true}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}],\"turnComplete\":true}       | a",
                "{\"turns\":[{\"parts\":[{\"text\":\"a \\\"b\\\"\"}]}],\"turnComplete\":true}               | a \"b\"",
                "{\"turns\":[{\"role\":\"\",\"parts\":[{\"text\":\"a\"}]}],\"turnComplete\":true}           | a",
            })
    void isTakenForText(String content, String text) {
        assertEquals(new TypedTurn(true, text), TypedTurn.read(content));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"turnComplete\":true}",
                "{\"turns\":[],\"turnComplete\":true}",
                "{\"turns\":[{\"parts\":[{\"text\":\"a\"}]}]}",
                "{\"turns\":[{\"parts\":[{\"text\":\"a\"}]}],\"turnComplete\":false}",
                "{\"turns\":[{\"role\":\"model\",\"parts\":[{\"text\":\"a\"}]}],\"turnComplete\":true}",
                "{\"turns\":[{\"parts\":[{\"text\":\"a\"}]},{\"parts\":[{\"text\":\"b\"}]}],\"turnComplete\":true}",
                "{\"turns\":[{\"parts\":[{\"text\":\"a\"},{\"inlineData\":{}}]}],\"turnComplete\":true}",
                "{\"turns\":[{\"parts\":[{\"text\":\"a\",\"thought\":true}]}],\"turnComplete\":true}",
                "{\"turns\":[{\"parts\":[{\"text\":\"\"}]}],\"turnComplete\":true}",
                "{\"turns\":[{\"parts\":[{\"text\":7}]}],\"turnComplete\":true}",
                "{\"turns\":[{}],\"turnComplete\":true}",
                "{\"turns\":[7],\"turnComplete\":true}",
                "{\"turns\":{},\"turnComplete\":true}",
            })
    void isNotMistakenForText(String content) {
        assertNull(TypedTurn.read(content).text());
    }

    @Test
    void goesWhereTheModelTakesText() {
        ClientMessage hello = new ClientMessage.ClientContent(HELLO, List.of());

        assertEquals(
                "{\"realtimeInput\":{\"text\":\"hello\"}}",
                new WireEncoder(TextRoute.REALTIME_INPUT, false).encode(hello));
        assertEquals(
                "{\"clientContent\":" + HELLO + "}", new WireEncoder(TextRoute.CLIENT_CONTENT, false).encode(hello));
    }

    @Test
    void isHistoryUntilTheAnnouncedHistoryIsComplete() {
        // Given
        WireEncoder encoder = new WireEncoder(TextRoute.REALTIME_INPUT, true);
        ClientMessage part = new ClientMessage.ClientContent("{\"turns\":[{\"parts\":[{\"text\":\"a\"}]}]}", List.of());
        ClientMessage hello = new ClientMessage.ClientContent(HELLO, List.of());

        // When, Then
        assertEquals("{\"clientContent\":{\"turns\":[{\"parts\":[{\"text\":\"a\"}]}]}}", encoder.encode(part));
        assertEquals("{\"clientContent\":" + HELLO + "}", encoder.encode(hello));
        assertEquals("{\"realtimeInput\":{\"text\":\"hello\"}}", encoder.encode(hello));
    }
}
