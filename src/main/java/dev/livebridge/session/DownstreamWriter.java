package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Part;
import dev.livebridge.session.account.Weight;
import dev.livebridge.session.queue.LoopWriter;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.queue.WriteWindow;
import dev.livebridge.session.turn.TurnCounter;
import dev.livebridge.session.turn.TurnNumber;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the queue to one socket of the client, and closes the socket when the session ends or the socket is detached.
 *
 * <p>A virtual thread waits for messages, for room in the window, and for the close; while it waits for messages, the
 * event loop of the socket writes them.
 */
final class DownstreamWriter implements Runnable, LoopWriter.Writes<DownstreamMessage> {

    /** About one second of speech in base64. */
    private static final int WINDOW_BYTES = 64 * 1024;

    /** Time to write the remaining messages after the end of the session. */
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    /** How long to wait until the close frame is written. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(DownstreamWriter.class);

    private final SessionScope scope;
    private final Listener listener;
    private final MessageQueue<DownstreamMessage> queue;
    private final Downstream socket;
    private final TurnCounter turns;
    private final Thread thread;
    private final WriteWindow window;
    private @Nullable DownstreamWriter previous;
    private volatile boolean detached;
    private volatile boolean keepsSocketOpen;
    private boolean toldEnd;
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();

    /** Is told of every write that is over, except failed ones of a writer that is detached. */
    interface Listener {

        /**
         * A message was written to the client, or could not be.
         *
         * @param turn the number of its turn
         * @param takenNanos when it was taken from the queue
         */
        void onWritten(Entry<DownstreamMessage> entry, TurnNumber turn, long takenNanos, boolean failed);
    }

    /**
     * A writer that has not begun.
     *
     * @param turns numbers the turns on this socket
     * @param previous the writer of the previous socket, for which this one waits; {@code null} for the first
     */
    DownstreamWriter(
            SessionScope scope,
            Listener listener,
            MessageQueue<DownstreamMessage> queue,
            Downstream socket,
            TurnCounter turns,
            @Nullable DownstreamWriter previous) {
        this.scope = scope;
        this.listener = listener;
        this.queue = queue;
        this.socket = socket;
        this.turns = turns;
        this.previous = previous;
        this.thread = Thread.ofVirtual().name("livebridge-down-" + scope.id()).unstarted(this);
        this.window = new WriteWindow(thread, WINDOW_BYTES, scope::now);
    }

    void start() {
        thread.start();
    }

    /** The session has ended: a writer that waits for a slow client checks its deadline. */
    void stop() {
        LockSupport.unpark(thread);
    }

    /**
     * How long the client has taken nothing while more than {@link #WINDOW_BYTES} are written and not taken by the
     * system; zero while the writer does not wait for that.
     */
    long stalledForNanos(long nowNanos) {
        return window.stuckNanos(nowNanos);
    }

    /** Runs an action once this writer has stopped, and has closed its socket if it does not stay open. */
    void whenStopped(Runnable action) {
        var _ = stopped.thenRun(action);
    }

    /** The socket is detached: this writer takes no more messages. */
    void detach() {
        detached = true;
        LockSupport.unpark(thread);
    }

    /** As {@link #detach}, but the socket stays open: the writer of another session uses it from now on. */
    void release() {
        keepsSocketOpen = true;
        detach();
    }

    /** Whether this writer writes to that socket. */
    boolean serves(Downstream other) {
        return socket.equals(other);
    }

    @Override
    public void run() {
        try {
            relay();
        } finally {
            stopped.complete(null);
        }
    }

    private void relay() {
        awaitPrevious();
        LoopWriter<DownstreamMessage> loop = scope.context().loopWriter(queue, socket.eventLoop(), this);
        while (!mustStop() && !queue.isFinished()) {
            // Wait before taking: messages in the queue can still be dropped by an interruption.
            window.await(this::mustStop);
            Entry<DownstreamMessage> entry = queue.take(() -> detached, loop);
            if (entry != null) {
                write(entry);
            }
        }
        if (detached) {
            if (!keepsSocketOpen) {
                socket.close(EndCause.MOVED, EndCause.MOVED.sentence(), null, () -> {});
            }
            return;
        }
        queue.discard();
        if (scope.lifecycle().state() instanceof Ended ended && ended.cause().clientTooSlow() && !toldEnd) {
            tell(ended);
        }
        window.awaitEmpty(this::mustStop);
        // Check the cause as well as the flag: release() may have run after the flag was read, and its socket stays
        // open.
        if (scope.lifecycle().state() instanceof Ended ended && !ended.cause().leavesSocketOpen()) {
            close(ended);
        }
    }

    /** The client gets the cause of the end after what it has not taken yet, but not the messages that waited. */
    private void tell(Ended ended) {
        GatewayMessage.Problem problem = ended.problem();
        long now = scope.now();
        write(new Entry<>(problem, problem.kind(), problem.bytes(), Weight.of(problem), now, now));
    }

    /** A stopping process waits for its writers, so the close frame must be written before this one is done. */
    private void close(Ended ended) {
        CountDownLatch closed = new CountDownLatch(1);
        socket.close(ended.cause(), ended.message(), ended.upstream(), closed::countDown);
        try {
            if (!closed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debugf("the close frame could not be written in time session=%s", scope.id());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("a downstream writer was interrupted", e);
        }
    }

    /** Two writers must not take from one queue; the previous one is detached already and stops at once. */
    private void awaitPrevious() {
        DownstreamWriter earlier = previous;
        if (earlier != null) {
            earlier.awaitStopped();
            previous = null;
        }
    }

    /** Blocks until a writer that was started has stopped. */
    void awaitStopped() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the wait for a downstream writer was interrupted", e);
        }
    }

    @Override
    public boolean mayContinue() {
        return window.hasRoom() && !mustStop();
    }

    @Override
    public boolean mayWrite(Entry<DownstreamMessage> next) {
        return true;
    }

    @Override
    public void write(Entry<DownstreamMessage> entry) {
        try {
            send(entry);
        } catch (RuntimeException e) {
            scope.lifecycle().fault("writing to the client", e);
        }
    }

    private void send(Entry<DownstreamMessage> entry) {
        int bytes = entry.bytes();
        long taken = scope.now();
        SessionAccount account = scope.account();
        TurnNumber turn = turns.onMessage(entry.message());
        toldEnd |= entry.message() instanceof GatewayMessage.Problem
                && scope.lifecycle().state() instanceof Ended;
        boolean counted = account.add(Part.OUTBOUND, entry.weight());
        window.onWriteStarted(bytes);
        try {
            socket.send(entry.message(), turn.number(), failure -> {
                window.onWriteFinished(bytes);
                if (counted) {
                    account.subtract(Part.OUTBOUND, entry.weight());
                }
                if (failure != null && detached) {
                    scope.recorder().onDropped(Direction.DOWN, entry, DropReason.DETACHED);
                } else {
                    listener.onWritten(entry, turn, taken, failure != null);
                }
                if (failure == null && entry.message() instanceof GatewayMessage.ResumeOffer) {
                    confirmToken();
                }
            });
        } catch (RuntimeException e) {
            window.onWriteFinished(bytes);
            throw e;
        }
    }

    /** The token with which the client resumed is retired once the client has received a newer one. */
    private void confirmToken() {
        int use = scope.tokens().schedule().unconfirmedUse();
        if (use > 0) {
            socket.probe(() -> {
                // An answer over a detached socket says nothing about the client of the next one.
                if (!detached) {
                    scope.tokens().schedule().confirm(use);
                }
            });
        }
    }

    private boolean mustStop() {
        return detached
                || scope.account().releaseRequested()
                || (scope.lifecycle().state() instanceof Ended ended
                        && (ended.cause().clientGone()
                                || ended.cause().clientTooSlow()
                                || scope.now() - ended.atNanos() > FLUSH_TIMEOUT.toNanos()));
    }
}
