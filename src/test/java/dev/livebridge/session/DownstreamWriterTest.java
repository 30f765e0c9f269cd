package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.queue.MessageQueue;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Who closes a client's socket when its pump stops. */
class DownstreamWriterTest {

    private final FakeServices services = new FakeServices(FakeModel.speaking());
    private final LiveSession session = new LiveSession(
            "pumped", "live", new FakeDownstream(), new ConversationMemory(), services.context(), services);

    @ParameterizedTest
    @EnumSource(
            value = EndCause.class,
            mode = Mode.EXCLUDE,
            names = {"REATTACHED"})
    void theEndOfTheSessionIsSaidOnTheSocket(EndCause cause) {
        assertEquals(List.of(cause), closesOf(_ -> session.end(cause, "the end")));
    }

    /**
     * The session's end may be seen before the flag that says so to the pump. A close here would be the end of the
     * conversation that has the socket now: the client would seem to have hung up.
     */
    @Test
    void aSocketThatAnotherSessionHasIsLeftOpen() {
        assertEquals(List.of(), closesOf(_ -> session.end(EndCause.REATTACHED, "back")));
    }

    @Test
    void aReleasedSocketIsLeftOpen() {
        assertEquals(List.of(), closesOf(DownstreamWriter::release));
    }

    @Test
    void aSocketThatTheClientIsNoLongerBehindIsClosed() {
        assertEquals(List.of(EndCause.MOVED), closesOf(DownstreamWriter::detach));
    }

    /** What a pump whose queue is closed does with its socket after something has happened. */
    private List<EndCause> closesOf(Consumer<DownstreamWriter> happening) {
        MessageQueue<DownstreamMessage> queue = new MessageQueue<>(session.account(), SessionAccount.Part.QUEUE_DOWN);
        FakeDownstream socket = new FakeDownstream();
        DownstreamWriter pump = new DownstreamWriter(
                session.scope(),
                (_, _, _, _) -> {},
                queue,
                socket,
                session.scope().turnClock().reports().onSocket(),
                null);
        happening.accept(pump);
        queue.close();

        pump.start();
        pump.awaitStopped();

        return socket.closes.stream().map(FakeDownstream.Close::cause).toList();
    }
}
