package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.memory.TranscriptTail;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConversationMemoryTest {

    private final ConversationMemory memory = new ConversationMemory();

    // ---- the handle ------------------------------------------------------------------------------------------

    @Test
    void aModelThatLosesPrefilledContextIsRebuiltAsLongAsTheTranscriptIsWhole() {
        Negotiated losing = FakeModel.agreed(true, false, new ConnectionTraits(null, true, false));
        memory.onConnected(losing, new Continuation.New());
        memory.onServerMessage(ConversationFixture.handle("h1"), 0);
        assertInstanceOf(Continuation.Resumed.class, memory.continuation(), "nothing was prefilled");

        memory.onSentToModel(new ClientMessage.ClientContent(
                "{}",
                List.of(
                        new TranscriptEntry(TranscriptEntry.Role.USER, "My name is Ada."),
                        new TranscriptEntry(TranscriptEntry.Role.MODEL, "Hello Ada."))));
        memory.onServerMessage(ConversationFixture.handle("h2"), 0);
        assertInstanceOf(Continuation.Rebuilt.class, memory.continuation());

        memory.onServerMessage(new ServerMessage.Text("x".repeat(20_000), false), 0);
        assertEquals(new Continuation.Resumed("h2", "m"), memory.continuation(), "the beginning is cut");
    }

    @Test
    void whatARebuiltSessionWasToldIsPrefilledToo() {
        Negotiated losing = FakeModel.agreed(true, false, new ConnectionTraits(null, true, false));
        memory.onConnected(
                losing, new Continuation.Rebuilt(List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "Hi")), "m"));

        memory.onServerMessage(ConversationFixture.handle("h1"), 0);

        assertInstanceOf(Continuation.Rebuilt.class, memory.continuation());
    }

    @Test
    void nothingIsContinuedBeforeAModelIsAgreedUpon() {
        memory.onSetup(new ClientMessage.Setup("{}"));

        assertEquals(new Continuation.New(), memory.continuation());
        assertEquals(
                new ConversationMemory.Snapshot(new ClientMessage.Setup("{}"), null, null, List.of()),
                memory.snapshot());
    }

    @Test
    void thereIsNothingToTakeOverBeforeTheSetup() {
        assertNull(memory.snapshot());
    }

    @Test
    void theNewestResumableHandleCountsAndAnEmptyUpdateKeepsIt() {
        memory.onConnected(FakeModel.agreed(true, false, ConnectionTraits.USUAL), new Continuation.New());
        memory.onServerMessage(update("one", true), 10);
        memory.onServerMessage(update("two", true), 20);

        memory.onServerMessage(update(null, false), 30);
        memory.onServerMessage(update("three", false), 40);

        assertEquals(new Continuation.Resumed("two", "m"), memory.continuation());
        assertTrue(memory.handleNotBefore(20));
        assertFalse(memory.handleNotBefore(21));
    }

    @Test
    void aRefusedHandleLeavesTheTranscript() {
        memory.onConnected(FakeModel.agreed(true, false, ConnectionTraits.USUAL), new Continuation.New());
        memory.onServerMessage(update("one", true), 10);
        typedAndAnswered("Hi", "Hello.");

        memory.forgetHandle();

        assertEquals(new Continuation.Rebuilt(List.of(user("Hi"), model("Hello.")), "m"), memory.continuation());
    }

    // ---- what was said ---------------------------------------------------------------------------------------

    @Test
    void fragmentsBecomeOneEntryPerSideAndTurn() {
        memory.onServerMessage(transcript(TranscriptSource.INTERIM_INPUT, "How"), 0);
        memory.onServerMessage(transcript(TranscriptSource.INPUT, "How are"), 0);
        memory.onServerMessage(transcript(TranscriptSource.OUTPUT, "I am"), 0);
        memory.onServerMessage(transcript(TranscriptSource.INPUT, " you?"), 0);
        memory.onServerMessage(transcript(TranscriptSource.OUTPUT, " well."), 0);
        memory.onServerMessage(new ServerMessage.TurnComplete(null), 0);
        memory.onServerMessage(transcript(TranscriptSource.OUTPUT, "And you?"), 0);

        assertEquals(List.of(user("How are you?"), model("I am well."), model("And you?")), memory.transcript());
    }

    @Test
    void thoughtsAndSilenceAreNotPartOfIt() {
        memory.onServerMessage(new ServerMessage.Text("hm", true), 0);
        memory.onServerMessage(new ServerMessage.Audio(new Base64Text("AAAA"), "audio/pcm"), 0);
        memory.onServerMessage(transcript(TranscriptSource.OUTPUT, ""), 0);
        memory.onSentToModel(new ClientMessage.RealtimeText(" "));

        assertEquals(List.of(), memory.transcript());
    }

    @Test
    void whatAClientTellsAsHistoryIsPartOfItOnceItIsAnswered() {
        memory.onConnected(FakeModel.agreed(true, false, ConnectionTraits.USUAL), new Continuation.New());
        memory.onSentToModel(new ClientMessage.ClientContent("{}", List.of(user("Hi"), model("Hello."))));
        memory.onSentToModel(new ClientMessage.ClientContent("{}", List.of(user("Who"))));
        memory.onSentToModel(new ClientMessage.UserTurn("are you?"));
        List<TranscriptEntry> before = List.of(user("Hi"), model("Hello."), user("Who"), user("are you?"));

        assertEquals(before, memory.transcript());
        assertEquals(new Continuation.Rebuilt(List.of(), "m"), memory.continuation(), "it will be sent again");

        memory.onServerMessage(new ServerMessage.Text("A friend.", false), 0);

        List<TranscriptEntry> after = new ArrayList<>(before);
        after.add(model("A friend."));
        assertEquals(new Continuation.Rebuilt(after, "m"), memory.continuation());
        assertEquals(List.of(), memory.takeUnanswered());
    }

    @Test
    void anAnswerToAHistoryThatEndsWithTheModelIsATurnOfItsOwn() {
        memory.onSentToModel(new ClientMessage.ClientContent("{}", List.of(user("Hi"), model("Hello."))));

        memory.onServerMessage(new ServerMessage.Text("Still there?", false), 0);

        assertEquals(List.of(user("Hi"), model("Hello."), model("Still there?")), memory.transcript());
    }

    @Test
    void theOldestTurnsGoWhenThereAreTooMany() {
        for (int i = 0; i < 100; i++) {
            typedAndAnswered("question " + i, "answer " + i);
        }

        List<TranscriptEntry> entries = memory.transcript();
        assertEquals(TranscriptTail.MAX_ENTRIES, entries.size());
        assertEquals(user("question 80"), entries.getFirst());
        assertEquals(model("answer 99"), entries.getLast());
    }

    @Test
    void theTranscriptIsBoundedInBytesEvenWithinOneTurn() {
        memory.onServerMessage(new ServerMessage.Text("The beginning. ", false), 0);
        for (int i = 0; i < 2_000; i++) {
            memory.onServerMessage(new ServerMessage.Text("für \uD83C\uDF19 ", false), 0);
        }
        memory.onServerMessage(new ServerMessage.Text("The end.", false), 0);

        String text = memory.transcript().getFirst().text();
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes <= TranscriptTail.MAX_BYTES && bytes > TranscriptTail.MAX_BYTES - 100, bytes + " bytes");
        assertTrue(text.endsWith("The end."), text);
        assertFalse(Character.isLowSurrogate(text.charAt(0)), "cut through a character");
    }

    @Test
    void ofOneHugeTextTheEndIsKept() {
        memory.onSentToModel(new ClientMessage.UserTurn("The beginning. " + "\uD83C\uDF19".repeat(100_000) + "!"));

        String text = memory.transcript().getFirst().text();
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes <= TranscriptTail.MAX_BYTES && bytes > TranscriptTail.MAX_BYTES - 100, bytes + " bytes");
        assertTrue(text.endsWith("!"), text);
        assertFalse(Character.isLowSurrogate(text.charAt(0)), "cut through a character");
    }

    // ---- what waits for an answer ----------------------------------------------------------------------------

    @Test
    void whatWasTypedAndNotAnsweredIsSaidAgainOnceAndNotToldTwice() {
        memory.onConnected(FakeModel.agreed(true, false, ConnectionTraits.USUAL), new Continuation.New());
        typedAndAnswered("one", "1");
        ClientMessage two = new ClientMessage.UserTurn("two");
        memory.onSentToModel(two);

        assertEquals(new Continuation.Rebuilt(List.of(user("one"), model("1")), "m"), memory.continuation());
        assertEquals(List.of(user("one"), model("1"), user("two")), memory.transcript());
        assertEquals(List.of(two), memory.takeUnanswered());
        assertEquals(List.of(), memory.takeUnanswered());
    }

    @Test
    void aSnapshotThatCameAfterwardsKnowsWhatWasTyped() {
        memory.onConnected(FakeModel.agreed(true, false, ConnectionTraits.USUAL), new Continuation.New());
        memory.onSentToModel(new ClientMessage.UserTurn("silence, please"));

        memory.onServerMessage(update("h", true), 5);

        assertEquals(List.of(user("silence, please")), memory.transcript());
        assertEquals(List.of(), memory.takeUnanswered());
    }

    @Test
    void aCallIsPendingUntilItIsAnsweredCancelledOrLost() {
        memory.onServerMessage(new ServerMessage.ToolCall(Calls.of("a", "b"), "{}"), 0);
        memory.onServerMessage(new ServerMessage.ToolCallCancellation(List.of("a")), 0);
        assertTrue(memory.callPending());
        assertEquals(List.of("b"), memory.forgetCalls());
        assertFalse(memory.callPending());

        memory.onServerMessage(new ServerMessage.ToolCall(List.of(), "{}"), 0);
        assertTrue(memory.callPending());
        assertEquals(List.of(), memory.forgetCalls());
        assertFalse(memory.callPending());
    }

    // ---- elsewhere -------------------------------------------------------------------------------------------

    @Test
    void aHandleOfTheNextConnectionDoesNotAnswerWhatIsToBeSaidAgain() {
        ClientMessage typed = new ClientMessage.UserTurn("And now?");
        memory.onSentToModel(typed);

        memory.forgetCalls();
        memory.onServerMessage(new ServerMessage.ResumptionUpdate("h2", true, "{}"), 1);

        assertEquals(List.of(typed), memory.takeUnanswered());
    }

    @Test
    void anotherProcessRemembersTheSame() {
        memory.onSetup(new ClientMessage.Setup("{\"a\":1}"));
        memory.onConnected(FakeModel.agreed(true, false, ConnectionTraits.USUAL), new Continuation.New());
        typedAndAnswered("one", "1");
        memory.onServerMessage(new ServerMessage.Text("And more.", false), 0);
        memory.onServerMessage(update("h", true), 5);
        memory.onSentToModel(new ClientMessage.UserTurn("two"));

        ConversationMemory.Snapshot snapshot = Objects.requireNonNull(memory.snapshot());
        ConversationMemory elsewhere = new ConversationMemory();
        elsewhere.adopt(snapshot);

        assertEquals(snapshot, elsewhere.snapshot());
        assertEquals(new Continuation.Resumed("h", "m"), elsewhere.continuation());
        elsewhere.forgetHandle();
        assertEquals(new Continuation.Rebuilt(snapshot.transcript(), "m"), elsewhere.continuation());
    }

    private void typedAndAnswered(String question, String answer) {
        memory.onSentToModel(new ClientMessage.UserTurn(question));
        memory.onServerMessage(new ServerMessage.Text(answer, false), 0);
        memory.onServerMessage(new ServerMessage.TurnComplete(null), 0);
    }

    private static ServerMessage update(@Nullable String handle, boolean resumable) {
        return new ServerMessage.ResumptionUpdate(handle, resumable, "{}");
    }

    private static ServerMessage transcript(TranscriptSource source, String text) {
        return new ServerMessage.Transcription(source, text, false, "{}");
    }

    private static TranscriptEntry user(String text) {
        return new TranscriptEntry(Role.USER, text);
    }

    private static TranscriptEntry model(String text) {
        return new TranscriptEntry(Role.MODEL, text);
    }
}
