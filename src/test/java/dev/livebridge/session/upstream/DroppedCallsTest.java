package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.FunctionCall;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which messages show that a model no longer waits for a blocking function. */
class DroppedCallsTest {

    private static final ServerMessage SOUND = new ServerMessage.Audio(new Base64Text("AAAA"), "audio/pcm;rate=24000");
    private static final ServerMessage WORDS =
            new ServerMessage.Transcription(TranscriptSource.INPUT, "Stop", false, "{}");
    private static final List<FunctionCall> CALLS =
            List.of(new FunctionCall("1", "refund"), new FunctionCall("2", "lookup"), new FunctionCall(null, "refund"));

    private final DroppedCalls calls = new DroppedCalls();

    @BeforeEach
    void aBlockingCallIsPending() {
        calls.watch(Set.of("refund"));
        assertEquals(List.of(), calls.onServerMessage(new ServerMessage.ToolCall(CALLS, "{}")));
    }

    @Test
    void anInterruptionDropsBlockingCallsOnceAndNoOthers() {
        assertEquals(List.of("1"), calls.onServerMessage(new ServerMessage.Interrupted()));
        assertEquals(List.of(), calls.onServerMessage(new ServerMessage.Interrupted()));
    }

    @Test
    void contentAfterWordsOfTheUserDropsThem() {
        assertEquals(List.of(), calls.onServerMessage(SOUND), "the end of what was said before the call");
        assertEquals(List.of(), calls.onServerMessage(WORDS));
        assertEquals(List.of("1"), calls.onServerMessage(SOUND));
    }

    @Test
    void anotherCallAfterWordsOfTheUserDropsTheFirst() {
        calls.onServerMessage(WORDS);
        ServerMessage again = new ServerMessage.ToolCall(List.of(new FunctionCall("3", "refund")), "{}");

        assertEquals(List.of("1"), calls.onServerMessage(again));
        assertEquals(List.of("3"), calls.onServerMessage(new ServerMessage.Interrupted()));
    }

    @Test
    void answeredAndCancelledCallsAreNotDropped() {
        calls.onResults(List.of("1"));

        assertEquals(List.of(), calls.onServerMessage(new ServerMessage.Interrupted()));
    }

    @Test
    void aModelThatCancelsItsCallsIsNotWatched() {
        DroppedCalls unwatched = new DroppedCalls();
        unwatched.onServerMessage(new ServerMessage.ToolCall(CALLS, "{}"));

        assertEquals(List.of(), unwatched.onServerMessage(new ServerMessage.Interrupted()));
    }
}
