package dev.livebridge.gemini;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.impl.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a connection on the event loop of the conversation's other socket, so that a message needs no signal from one
 * event loop to another.
 *
 * <p>Quarkus' WebSocket client opens each connection on the event loop whose turn it is (Quarkus pull request 44039)
 * and offers no choice. This class advances the turn until the wanted event loop is the next one. If another thread
 * takes a turn in between, the connection is on another event loop, which costs a signal per message and nothing else.
 */
final class EventLoopChoice {

    private final VertxInternal vertx;

    /** The event loops in the order of their turns, which is the order of their group. */
    private final List<EventExecutor> turns = new ArrayList<>();

    EventLoopChoice(VertxInternal vertx) {
        this.vertx = vertx;
        vertx.getEventLoopGroup().forEach(turns::add);
    }

    /**
     * Opens a connection on an event loop.
     *
     * @param eventLoop the wanted one; one that is not Vert.x' own has no effect
     * @param connect takes the next turn once, on the calling thread; does not block
     * @return what {@code connect} returned
     */
    synchronized <T> T on(Executor eventLoop, Supplier<T> connect) {
        int wanted = indexOf(eventLoop);
        if (wanted >= 0) {
            int last = indexOf(takeTurn());
            int skipped = Math.floorMod(wanted - last - 1, turns.size());
            for (int i = 0; i < skipped; i++) {
                takeTurn();
            }
        }
        return connect.get();
    }

    private int indexOf(@Nullable Executor eventLoop) {
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).equals(eventLoop)) {
                return i;
            }
        }
        return -1;
    }

    private EventLoop takeTurn() {
        return vertx.createEventLoopContext().nettyEventLoop();
    }
}
