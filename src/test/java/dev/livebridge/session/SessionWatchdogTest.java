package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.BROKEN;
import static dev.livebridge.session.ConversationFixture.sound;
import static dev.livebridge.session.ConversationFixture.transcript;
import static dev.livebridge.session.ConversationFixture.typed;
import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.memory.Continuation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection or a model that hangs: stalled writes, a resumed session without answers, a reply without an end. */
class SessionWatchdogTest {

    /** Between two steps of the clock, so that the session's threads keep up with it. */
    private static final Duration PACE = Duration.ofMillis(100);

    private final ConversationFixture talk = new ConversationFixture();

    @AfterEach
    void everythingIsReleased() {
        talk.over();
    }

    @Test
    void aConnectionThatTakesNothingAnyMoreCountsAsLost() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.stall(true);
        // More than the window takes
        talk.says(Collections.nCopies(70, sound("A".repeat(1_000))).toArray(ClientMessage[]::new));
        await().until(() -> talk.model.received.size() > 60);

        talk.passes(Duration.ofSeconds(9));
        assertInstanceOf(Live.class, talk.session.state());
        talk.model.stall(false);
        await().pollInterval(PACE).until(() -> {
            talk.passes(Duration.ofSeconds(2));
            return talk.model.dialled.get() == 2;
        });

        talk.awaitReconnected(2, Memory.RESUMED);
        assertEquals(1, talk.rotations("trigger", "stalled"));
    }

    @Test
    void aWriteThatFailsWithoutACloseCountsAsLostAfterAWhile() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.failWrites();
        talk.says(typed("Hello?"));
        await().until(() -> talk.timesReceived("Hello?") == 1);

        await().pollInterval(PACE).until(() -> {
            talk.passes(Duration.ofSeconds(1));
            return talk.model.dialled.get() == 2;
        });
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.timesReceived("Hello?") == 2);
    }

    @Test
    void aPoisonedResumeIsRebuilt() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);

        talk.hears(transcript(TranscriptSource.INPUT, "Can you"));
        talk.passes(Duration.ofSeconds(7));
        talk.hears(transcript(TranscriptSource.INPUT, " hear me?"));
        talk.passes(Duration.ofSeconds(7));
        assertInstanceOf(Live.class, talk.session.state());
        talk.passes(Duration.ofSeconds(2));
        talk.awaitReconnected(3, Memory.REBUILT);

        assertEquals(
                new Continuation.Rebuilt(
                        List.of(
                                new TranscriptEntry(Role.USER, "Hi"),
                                new TranscriptEntry(Role.MODEL, "Hello."),
                                new TranscriptEntry(Role.USER, "Can you hear me?")),
                        "m"),
                talk.model.continuations.getLast());
        assertEquals(1, talk.watchdogTrips("poisoned_resume"));
    }

    @Test
    void aFreshSessionThatOnlyTranscribesIsNotSuspected() {
        talk.hears(transcript(TranscriptSource.INPUT, "Hm"));

        talk.passes(Duration.ofMinutes(1));

        assertInstanceOf(Live.class, talk.session.state());
    }

    @Test
    void theEndOfAReplyThatNeverEndsIsMadeUpOnce() {
        // 0.1 s of sound
        talk.hears(voice("A".repeat(6_400)), new ServerMessage.GenerationComplete());

        talk.passes(Duration.ofSeconds(2));
        assertEquals(0, talk.watchdogTrips("endless_reply"));
        talk.passes(Duration.ofMillis(150));
        await().until(() -> talk.client.written.contains(new ServerMessage.TurnComplete("PLAYED_OUT")));

        // And its own end, which comes with the next interruption, is not told any more
        talk.hears(new ServerMessage.TurnComplete(null), voice("BBBB"));
        await().until(() -> talk.client.written.contains(voice("BBBB")));
        assertEquals(1, talk.told(ServerMessage.TurnComplete.class));
        assertEquals(1, talk.watchdogTrips("endless_reply"));
    }

    @Test
    void theAnswerAfterAnInterruptionWithoutAnEndIsHeardInATurnOfItsOwn() {
        talk.hears(voice("AAAA"), new ServerMessage.Interrupted());
        talk.services.advance(Duration.ofMillis(300));
        talk.hears(transcript(TranscriptSource.INPUT, "Wait"), voice("BBBB"));
        talk.services.advance(Duration.ofMillis(400));

        talk.hears(voice("CCCC"), voice("DDDD"));
        talk.hears(new ServerMessage.TurnComplete(null));

        await().until(() -> talk.told(ServerMessage.TurnComplete.class) == 2);
        assertEquals(
                List.of(
                        new ServerMessage.TurnComplete("INTERRUPTED"),
                        voice("CCCC"),
                        voice("DDDD"),
                        new ServerMessage.TurnComplete(null)),
                talk.client.written.stream()
                        .filter(message -> message instanceof ServerMessage.TurnComplete
                                || List.of(voice("BBBB"), voice("CCCC"), voice("DDDD"))
                                        .contains(message))
                        .toList());
    }

    @Test
    void aReplyThatWaitsForAFunctionIsNotEndless() {
        talk.hears(new ServerMessage.ToolCall(Calls.of("1"), "{}"), new ServerMessage.GenerationComplete());

        talk.passes(Duration.ofMinutes(5));

        assertEquals(0, talk.watchdogTrips("endless_reply"));
    }
}
