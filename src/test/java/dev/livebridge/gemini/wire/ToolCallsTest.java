package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One function call counts once in whichever form it comes, and its result carries its name. */
class ToolCallsTest {

    private static final String CALL = "{\"functionCalls\":[{\"id\":\"1\",\"name\":\"book\"}]}";

    private static final List<ServerMessage.FunctionCall> BOOK = List.of(new ServerMessage.FunctionCall("1", "book"));

    private static final ServerMessage.ToolCall AS_TOOL_CALL = new ServerMessage.ToolCall(BOOK, CALL);
    private static final ServerMessage.ToolCall IN_PART = new ServerMessage.ToolCall(BOOK, CALL, true);

    private final ToolCalls calls = new ToolCalls();

    @Test
    void aCallInAPartCountsOnItsOwn() {
        assertEquals(List.of(IN_PART), calls.onServerMessages(List.of(IN_PART)));
    }

    @Test
    void aPartThatRepeatsAToolCallIsNoCall() {
        // Given
        calls.onServerMessages(List.of(AS_TOOL_CALL));

        // When
        List<ServerMessage> messages = calls.onServerMessages(List.of(new ServerMessage.OtherPart("{}"), IN_PART));

        // Then
        assertEquals(List.of(new ServerMessage.OtherPart("{}")), messages);
    }

    @Test
    void aToolCallThatRepeatsAPartIsOnlyPassedOn() {
        // Given
        calls.onServerMessages(List.of(IN_PART));

        // When
        List<ServerMessage> messages = calls.onServerMessages(List.of(AS_TOOL_CALL));

        // Then
        assertEquals(List.of(new ServerMessage.Unknown("", "toolCall", CALL)), messages);
    }

    @Test
    void aCallThatComesTwiceInTheSameFormIsLeftToItsReader() {
        calls.onServerMessages(List.of(AS_TOOL_CALL));

        assertEquals(List.of(AS_TOOL_CALL), calls.onServerMessages(List.of(AS_TOOL_CALL)));
    }

    @Test
    void framesWithoutCallsAreNotCopied() {
        List<ServerMessage> frame = List.of(new ServerMessage.Text("a", false));

        assertSame(frame, calls.onServerMessages(frame));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"1\",\"response\":{}}             | {\"id\":\"1\",\"response\":{},\"name\":\"book\"}",
                "{\"id\":\"1\",\"name\":\"\"}               | {\"id\":\"1\",\"name\":\"book\"}",
                "{\"id\":\"1\",\"name\":\"other\"}          | {\"id\":\"1\",\"name\":\"other\"}",
                "{\"id\":\"2\",\"response\":{\"name\":1}}   | {\"id\":\"2\",\"response\":{\"name\":1}}",
                "7                                          | 7",
            })
    void aResultWithoutANameGetsThatOfItsCall(String result, String expected) {
        // Given
        calls.onServerMessages(List.of(AS_TOOL_CALL));

        // When
        ClientMessage.ToolResponse named = calls.named(response(result));

        // Then
        assertEquals("{\"functionResponses\":[" + expected + "]}", named.json());
    }

    @Test
    void onlySoManyCallsAreRemembered() {
        // Given
        calls.onServerMessages(List.of(AS_TOOL_CALL));
        for (int i = 0; i < 1_024; i++) {
            calls.onServerMessages(List.of(new ServerMessage.ToolCall(
                    List.of(new ServerMessage.FunctionCall("more" + i, "f")), "{\"functionCalls\":[]}")));
        }

        // When
        ClientMessage.ToolResponse first = response("{\"id\":\"1\"}");

        // Then
        assertEquals(first, calls.named(first));
    }

    private static ClientMessage.ToolResponse response(String result) {
        try {
            return new ClientMessage.ToolResponse(List.of(new ClientMessage.FunctionResult(
                    StrictJson.read(result).path("id").textValue(), result)));
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException(result, e);
        }
    }
}
