package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.BROKEN;
import static dev.livebridge.session.ConversationFixture.INTERNAL_ERROR;
import static dev.livebridge.session.ConversationFixture.handle;
import static dev.livebridge.session.ConversationFixture.transcript;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a lost connection to the model is tried again, and which ends are not. */
class ReconnectAttemptsTest {

    /** Before the attempts. */
    private static final List<Duration> PAUSES =
            LongStream.of(200, 400, 800, 1_600).mapToObj(Duration::ofMillis).toList();

    private final ConversationFixture talk = new ConversationFixture();

    @AfterEach
    void everythingIsReleased() {
        talk.over();
    }

    @Test
    void aHandleThatEndsInInternalErrorsTwiceInARowIsGivenUp() {
        talk.exchange("Hi", "Hello.", "h1");

        talk.model.closes(INTERNAL_ERROR);
        talk.confirmed(2);
        talk.model.closes(INTERNAL_ERROR);
        talk.awaitReconnected(3, Memory.REBUILT);

        assertInstanceOf(Continuation.Resumed.class, talk.model.continuations.get(1));
        assertInstanceOf(Continuation.Rebuilt.class, talk.model.continuations.get(2));
    }

    @Test
    void internalErrorsWithTalkBetweenThemAreNotInARow() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(INTERNAL_ERROR);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.exchange("Again", "Yes.", "h2");

        talk.model.closes(INTERNAL_ERROR);
        talk.confirmed(3);

        await().until(() -> talk.told(GatewayMessage.Reconnected.class) == 2);
        assertEquals(new Continuation.Resumed("h2", "m"), talk.model.continuations.getLast());
    }

    @Test
    void outOfTriesThereIsOneClearEnd() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.refuse(new UpstreamEnd(1006, EndCause.UPSTREAM_UNREACHABLE, RetryClass.RESUME, "Nobody there."));

        talk.model.closes(BROKEN);

        talk.awaitClosed(EndCause.UPSTREAM_LOST);
        assertEquals(5, talk.model.dialled.get(), "the first call and four attempts");
        assertEquals(PAUSES, talk.services.pauses);
        assertEquals(1, talk.told(GatewayMessage.Problem.class));
        assertEquals(1, talk.rotations("outcome", "failed"));
    }

    @Test
    void attemptsAreCountedAnewOnlyAfterRealTraffic() {
        talk.exchange("Hi", "Hello.", "h1");

        // Connections without an answer use up the attempts
        breakConnectionsBefore(2, 5);
        talk.exchange("Still there?", "Yes.", "h2");
        talk.services.advance(Duration.ofSeconds(31));
        breakConnectionsBefore(6, 6);

        // The period is over: the fifth attempt counts as a first one, with its short pause
        assertEquals(Duration.ofMillis(200), talk.services.pauses.getLast());
        breakConnectionsBefore(7, 9);
        talk.model.closes(BROKEN);

        await().until(() -> talk.client.closes.size() == 1);
    }

    @Test
    void connectionsThatSayAWordAndDieUseTheAttemptsUp() {
        talk.exchange("Hi", "Hello.", "h1");

        for (int connection = 2; connection <= 5; connection++) {
            talk.model.closes(BROKEN);
            talk.confirmed(connection);
            talk.hears(transcript(TranscriptSource.OUTPUT, "Well"), handle("h" + connection));
            talk.services.advance(Duration.ofMillis(50));
        }
        talk.model.closes(BROKEN);

        talk.awaitClosed(EndCause.UPSTREAM_LOST);
        assertEquals(5, talk.model.dialled.get());
        assertEquals(PAUSES, talk.services.pauses);
    }

    @Test
    void aModelThatSendsEachConnectionAwayAtOnceIsNotCalledWithoutPause() {
        talk.exchange("Hi", "Hello.", "h1");

        for (int connection = 2; connection <= 5; connection++) {
            talk.hears(new ServerMessage.GoAway(Duration.ZERO));
            talk.passes(Duration.ofMillis(100));
            talk.confirmed(connection);
        }
        talk.hears(new ServerMessage.GoAway(Duration.ZERO));
        talk.passes(Duration.ofMillis(100));

        talk.awaitClosed(EndCause.UPSTREAM_LOST);
        assertEquals(5, talk.model.dialled.get());
    }

    @ParameterizedTest
    @CsvSource({
        "1007, UPSTREAM_REJECTED, NEVER",
        "1007, UPSTREAM_CREDENTIALS, NEVER",
        "1011, UPSTREAM_QUOTA, LATER",
        "1008, UPSTREAM_MODEL, NEVER"
    })
    void whatNoAttemptCanChangeEndsWithItsOwnCause(int code, EndCause cause, RetryClass retry) {
        talk.exchange("Hi", "Hello.", "h1");

        talk.model.closes(new UpstreamEnd(code, cause, retry, "No."));

        talk.awaitClosed(cause);
        assertEquals(1, talk.model.dialled.get());
    }

    @Test
    void credentialsThatFailDuringAResumeAreNotBlamedOnTheHandle() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.refuseOnce(new UpstreamEnd(1007, EndCause.UPSTREAM_CREDENTIALS, RetryClass.NEVER, "Bad key."));

        talk.model.closes(BROKEN);

        talk.awaitClosed(EndCause.UPSTREAM_CREDENTIALS);
    }

    /** Each connection breaks, and the next one is live; they are counted from 1. */
    private void breakConnectionsBefore(int first, int last) {
        for (int connection = first; connection <= last; connection++) {
            talk.model.closes(BROKEN);
            talk.confirmed(connection);
            int count = connection - 1;
            await().until(() -> talk.told(GatewayMessage.Reconnected.class) == count);
        }
    }
}
