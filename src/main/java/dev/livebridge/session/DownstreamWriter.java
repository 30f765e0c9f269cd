package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Part;
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
 * Writes what the model and the gateway say to one socket of the client, and at the end closes it. The end is the
 * session's, or that the client is no longer behind this socket.
 */
final class DownstreamWriter implements Runnable {

    /** About one second of speech in base64. */
    private static final int WINDOW_BYTES = 64 * 1024;

    /** What is owed to a client at the end must be read within this time, or it is lost. */
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    /** A peer that does not take the close frame within this time is not waited for. */
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
     * A pump that has not begun.
     *
     * @param turns numbers the turns on this socket
     * @param previous the pump of the client's previous socket, for which this one waits; {@code null} for the first
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

    /** The session has ended: a pump that waits for a slow client looks at its deadline. */
    void stop() {
        LockSupport.unpark(thread);
    }

    /** Does something once this pump writes no more and has closed its socket, if that is its task. */
    void whenStopped(Runnable action) {
        var _ = stopped.thenRun(action);
    }

    /** The client is no longer behind this socket: what waits is for another one. */
    void detach() {
        detached = true;
        LockSupport.unpark(thread);
    }

    /** Like {@link #detach}, but the socket stays open: another session's pump writes to it from now on. */
    void release() {
        keepsSocketOpen = true;
        detach();
    }

    /** Whether this pump writes to that socket. */
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
        while (!mustStop()) {
            // Waiting first and taking then: what an interruption may still drop stays in the queue.
            window.await(this::mustStop);
            Entry<DownstreamMessage> entry = queue.take(() -> detached);
            if (entry == null) {
                break;
            }
            write(entry);
        }
        if (detached) {
            if (!keepsSocketOpen) {
                socket.close(EndCause.MOVED, EndCause.MOVED.sentence(), null, () -> {});
            }
            return;
        }
        queue.discard();
        window.awaitEmpty(this::mustStop);
        // What the ending is called decides, not only the flag above: a release may have come since it was read.
        if (scope.lifecycle().state() instanceof Ended ended && !ended.cause().leavesSocketOpen()) {
            close(ended);
        }
    }

    /** A process that leaves waits for its pumps: the close frame has to be on its way before this one is done. */
    private void close(Ended ended) {
        CountDownLatch closed = new CountDownLatch(1);
        socket.close(ended.cause(), ended.message(), ended.upstream(), closed::countDown);
        try {
            if (!closed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debugf("a client does not take its close frame session=%s", scope.id());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("a downstream writer was interrupted", e);
        }
    }

    /** Two pumps must not take from one queue: the former one has been told to stop and does so at once. */
    private void awaitPrevious() {
        DownstreamWriter earlier = previous;
        if (earlier != null) {
            earlier.awaitStopped();
            previous = null;
        }
    }

    /** Blocks until a pump that was started writes no more and has closed its socket, if that was its business. */
    void awaitStopped() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the wait for a downstream writer was interrupted", e);
        }
    }

    private void write(Entry<DownstreamMessage> entry) {
        int bytes = entry.bytes();
        long taken = scope.now();
        SessionAccount account = scope.account();
        boolean counted = account.add(Part.OUTBOUND, entry.weight());
        TurnNumber turn = turns.onMessage(entry.message());
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
            scope.lifecycle().fault("writing to the client", e);
        }
    }

    /** A client that came back with a token has it until it is known to have received this one. */
    private void confirmToken() {
        int use = scope.tokens().schedule().unconfirmedUse();
        if (use > 0) {
            socket.probe(() -> {
                // The sign of a socket that was replaced says nothing of the client that came after.
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
                                || ended.cause() == EndCause.SLOW_CONSUMER
                                || scope.now() - ended.atNanos() > FLUSH_TIMEOUT.toNanos()));
    }
}
