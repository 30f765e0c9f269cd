package dev.livebridge.session.upstream;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.upstream.ConnectionEnd.ConnectionLost;
import dev.livebridge.session.upstream.ConnectionEnd.PlannedRotation;
import dev.livebridge.session.upstream.ConnectionEnd.SessionEnded;
import dev.livebridge.session.upstream.Recovery.Step;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How a conversation goes on after a connection has ended. Steps are written {@code continuation/attempt} or an end.
 */
class RecoveryTest {

    private static final int ATTEMPTS = 3;
    private static final TranscriptEntry HELLO = new TranscriptEntry(TranscriptEntry.Role.USER, "Hello");

    private final ConversationMemory memory = new ConversationMemory();
    private final Recovery recovery = new Recovery(memory, new RetryBackoff(ATTEMPTS, () -> 0));

    {
        memory.adopt(new ConversationMemory.Snapshot(new ClientMessage.Setup("{}"), "m", "h1", List.of(HELLO)));
    }

    /** Which continuation was tried. */
    enum Tried {
        NEW,
        RESUMED,
        REBUILT;

        Continuation continuation() {
            return switch (this) {
                case NEW -> new Continuation.New();
                case RESUMED -> new Continuation.Resumed("h1", "m");
                case REBUILT -> new Continuation.Rebuilt(List.of(HELLO), "m");
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        // what was tried, code, cause, retry class, confirmed, traffic, expected
        // The first connection: without a conversation there is nothing to save.
        "NEW,     1006, UPSTREAM_LOST,     RESUME, false, false, UPSTREAM_LOST",
        "NEW,     1007, UPSTREAM_REJECTED, NEVER,  false, false, UPSTREAM_REJECTED",
        "NEW,     1006, UPSTREAM_LOST,     RESUME, true,  false, RESUMED/1",
        "NEW,     1006, UPSTREAM_LOST,     RESUME, true,  true,  RESUMED/1",
        // A broken connection is resumed.
        "RESUMED, 1006, UPSTREAM_LOST,     RESUME, false, false, RESUMED/1",
        "RESUMED, 1006, UPSTREAM_LOST,     RESUME, true,  true,  RESUMED/1",
        "REBUILT, 1006, UPSTREAM_LOST,     RESUME, true,  true,  RESUMED/1",
        "RESUMED, 1011, UPSTREAM_LOST,     RESUME, false, false, RESUMED/1",
        // A handle that was refused before anything was said is forgotten, whatever the class says.
        "RESUMED, 1007, UPSTREAM_REJECTED, NEVER,  false, false, REBUILT/1",
        "RESUMED, 1008, UPSTREAM_REJECTED, FRESH,  false, false, REBUILT/1",
        "RESUMED, 1008, UPSTREAM_REJECTED, NEVER,  true,  false, REBUILT/1",
        "REBUILT, 1008, UPSTREAM_REJECTED, NEVER,  false, false, UPSTREAM_REJECTED",
        // After a conversation the handle is not to blame.
        "RESUMED, 1007, UPSTREAM_REJECTED, NEVER,  true,  true,  UPSTREAM_REJECTED",
        "RESUMED, 1008, UPSTREAM_REJECTED, NEVER,  true,  true,  UPSTREAM_REJECTED",
        // Nor is it for what has nothing to do with handles.
        "RESUMED, 1008, UPSTREAM_CREDENTIALS, NEVER, false, false, UPSTREAM_CREDENTIALS",
        "RESUMED, 1008, UPSTREAM_MODEL,    NEVER,  false, false, UPSTREAM_MODEL",
        "RESUMED, 1007, UPSTREAM_REGION,   NEVER,  false, false, UPSTREAM_REGION",
        "RESUMED, 1011, UPSTREAM_QUOTA,    LATER,  false, false, UPSTREAM_QUOTA",
        "RESUMED, 1011, UPSTREAM_QUOTA,    LATER,  true,  true,  UPSTREAM_QUOTA",
        // Without the handle: once it was tried, or after a conversation.
        "REBUILT, 1008, UPSTREAM_REJECTED, FRESH,  false, false, UPSTREAM_REJECTED",
        "REBUILT, 1008, UPSTREAM_REJECTED, FRESH,  true,  true,  REBUILT/1",
        "RESUMED, 1006, UPSTREAM_REJECTED, FRESH,  false, false, REBUILT/1",
        // A message that Gemini refuses is survived with a handle.
        "RESUMED, 1007, UPSTREAM_REJECTED, ONCE,   true,  true,  RESUMED/1",
        "NEW,     1007, UPSTREAM_REJECTED, ONCE,   true,  true,  RESUMED/1",
    })
    void aLossIsAnsweredByItsKind(
            Tried tried,
            int code,
            EndCause cause,
            RetryClass retry,
            boolean confirmed,
            boolean traffic,
            String expected) {
        assertEquals(expected, text(lost(tried, end(code, cause, retry), confirmed, traffic, false)));
    }

    @Test
    void aHandleThatLeadsToAnInternalErrorTwiceInARowIsForgotten() {
        UpstreamEnd internal = end(1011, EndCause.UPSTREAM_LOST, RetryClass.RESUME);

        assertEquals("RESUMED/1", text(lost(Tried.RESUMED, internal, false, false, false)));
        assertEquals("REBUILT/2", text(lost(Tried.RESUMED, internal, false, false, false)));
    }

    @Test
    void anInternalErrorAfterAConversationOrAnotherEndIsTheFirstOfItsRow() {
        UpstreamEnd internal = end(1011, EndCause.UPSTREAM_LOST, RetryClass.RESUME);
        UpstreamEnd broken = end(1006, EndCause.UPSTREAM_LOST, RetryClass.RESUME);

        assertEquals("RESUMED/1", text(lost(Tried.RESUMED, internal, false, false, false)));
        assertEquals("RESUMED/1", text(lost(Tried.RESUMED, internal, true, true, true)));
        assertEquals("RESUMED/2", text(lost(Tried.RESUMED, broken, false, false, false)));
        assertEquals("RESUMED/3", text(lost(Tried.RESUMED, internal, false, false, false)));
    }

    @Test
    void aRefusedMessageIsSurvivedOncePerConversation() {
        UpstreamEnd refused = end(1007, EndCause.UPSTREAM_REJECTED, RetryClass.ONCE);

        assertEquals("RESUMED/1", text(lost(Tried.RESUMED, refused, true, true, true)));
        assertEquals("UPSTREAM_REJECTED", text(lost(Tried.RESUMED, refused, true, true, true)));
    }

    @Test
    void aRefusedMessageIsNotSurvivedWithoutAHandle() {
        memory.forgetHandle();

        assertEquals(
                "UPSTREAM_REJECTED",
                text(lost(Tried.REBUILT, end(1007, EndCause.UPSTREAM_REJECTED, RetryClass.ONCE), true, true, true)));
    }

    /** The client's own handle, with which it began: a conversation from nothing is not what it asked for. */
    @ParameterizedTest
    @CsvSource({
        "1008, NEVER,  UPSTREAM_REJECTED",
        "1006, FRESH,  UPSTREAM_REJECTED",
        "1006, RESUME, RESUMED/1",
    })
    void aConversationOfWhichOnlyTheHandleIsKnownIsNotRebuilt(int code, RetryClass retry, String expected) {
        memory.onSetup(new ClientMessage.Setup("{}", new ClientMessage.Resumption("h1", "m")));

        assertEquals(
                expected, text(lost(Tried.RESUMED, end(code, EndCause.UPSTREAM_REJECTED, retry), false, false, false)));
    }

    @Test
    void onlyAStableConnectionRenewsTheAttempts() {
        UpstreamEnd broken = end(1006, EndCause.UPSTREAM_LOST, RetryClass.RESUME);

        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            assertEquals("RESUMED/" + attempt, text(lost(Tried.RESUMED, broken, true, true, false)));
        }
        Step.GiveUp over = assertInstanceOf(Step.GiveUp.class, lost(Tried.RESUMED, broken, true, true, false));
        assertEquals(EndCause.UPSTREAM_LOST, over.end().cause());
        assertEquals(
                "The connection to Gemini was lost and could not be made again in 3 attempts. It broke.",
                over.end().happened());
        assertEquals("RESUMED/1", text(lost(Tried.RESUMED, broken, true, true, true)));
    }

    @ParameterizedTest
    @CsvSource({
        "GO_AWAY,  true,  RESUMED/0",
        "AGE,      true,  RESUMED/0",
        "POISONED, true,  REBUILT/0",
        "GO_AWAY,  false, RESUMED/1",
        "POISONED, false, REBUILT/1",
    })
    void aPlannedRotationTakesNoAttemptUnlessTheConnectionWasYoung(
            RotationTrigger trigger, boolean settled, String expected) {
        assertEquals(
                expected, text(recovery.after(new PlannedRotation(trigger, settled), Tried.RESUMED.continuation())));
    }

    @Test
    void aModelThatSendsEachConnectionAwayAtOnceIsGivenUp() {
        PlannedRotation early = new PlannedRotation(RotationTrigger.GO_AWAY, false);

        List<String> steps = Stream.generate(() -> text(recovery.after(early, Tried.RESUMED.continuation())))
                .limit(ATTEMPTS + 1)
                .toList();

        assertEquals(List.of("RESUMED/1", "RESUMED/2", "RESUMED/3", "UPSTREAM_LOST"), steps);
    }

    @Test
    void afterTheSessionThereIsNothingToDo() {
        assertEquals("stop", text(recovery.after(new SessionEnded(), Tried.RESUMED.continuation())));
    }

    private Step lost(Tried tried, UpstreamEnd end, boolean confirmed, boolean traffic, boolean stable) {
        return recovery.after(
                new ConnectionLost(RotationTrigger.LOST, end, confirmed, traffic, stable), tried.continuation());
    }

    private static UpstreamEnd end(int code, EndCause cause, RetryClass retry) {
        return new UpstreamEnd(code, cause, retry, "It broke.");
    }

    private static String text(Step step) {
        return switch (step) {
            case Step.Stop() -> "stop";
            case Step.GiveUp(UpstreamEnd end) -> end.cause().name();
            case Step.Reconnect again -> again.continuation().remembers().name() + "/" + again.attempt();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "2, UPSTREAM_MODEL, false, true",
        "2, UPSTREAM_QUOTA, false, true",
        "1, UPSTREAM_MODEL, false, false",
        "2, UPSTREAM_CREDENTIALS, false, false",
        "2, UPSTREAM_MODEL, true, false",
    })
    void anotherModelOfTheAgentBeginsTheConversation(int models, EndCause cause, boolean confirmed, boolean expected) {
        ConversationMemory fresh = new ConversationMemory();
        AgentSetup agent = new AgentSetup(
                "a", "v", "{}", List.of("m1", "m2").subList(0, models), Set.of(), true, AgentSetup.Limits.NONE);
        fresh.onSetup(new ClientMessage.Setup("{}", null, agent));
        ConnectionEnd.ConnectionLost refused = new ConnectionEnd.ConnectionLost(
                RotationTrigger.LOST, new UpstreamEnd(1008, cause, RetryClass.NEVER, "x"), confirmed, false, false);

        Recovery.Step step =
                new Recovery(fresh, new RetryBackoff(ATTEMPTS, () -> 0)).after(refused, new Continuation.New());

        assertEquals(expected, step instanceof Recovery.Step.Reconnect);
        AgentSetup next = requireNonNull(requireNonNull(fresh.setup()).agent());
        assertEquals(expected ? List.of("m2") : agent.models(), next.models());
    }
}
