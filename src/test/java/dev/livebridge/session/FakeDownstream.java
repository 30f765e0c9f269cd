package dev.livebridge.session;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.budget.Unlimited;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client's socket that remembers what was written, and can stop reading. */
final class FakeDownstream implements Downstream {

    /** How the socket was closed. */
    record Close(EndCause cause, String reason) {}

    /** One for all, as an event loop serves many sockets. */
    private static final Executor EVENT_LOOP = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("client-loop").factory());

    final List<DownstreamMessage> written = new CopyOnWriteArrayList<>();
    /** The turn's number of each written message. */
    final List<Integer> turns = new CopyOnWriteArrayList<>();

    final List<Close> closes = new CopyOnWriteArrayList<>();
    final List<Thread> writers = new CopyOnWriteArrayList<>();
    /** The threads that asked for the event loop; the thread of the writer is one of them. */
    final List<Thread> borrowers = new CopyOnWriteArrayList<>();

    private final List<WriteCallback> unanswered = new ArrayList<>();
    final List<Runnable> probes = new CopyOnWriteArrayList<>();
    private final boolean resumable;
    private String origin = "none";
    private ConversationBudget budget = new Unlimited();
    private Caller caller = new Caller("open:7f000001", CallerKind.OPEN, Set.of(), "", null, Caller.DEFAULT_RULE);
    private volatile boolean answersProbes = true;
    private final List<Runnable> heldCloses = new ArrayList<>();
    private final AtomicInteger writing = new AtomicInteger();
    private volatile boolean overlapped;
    private boolean stalled;
    private boolean holdsClose;

    /** A client that knows no tokens. */
    FakeDownstream() {
        this(false);
    }

    /** @param resumable whether the client takes tokens */
    FakeDownstream(boolean resumable) {
        this.resumable = resumable;
    }

    /** A page of another origin. */
    FakeDownstream from(String page) {
        origin = page;
        return this;
    }

    /** A caller with limits. */
    FakeDownstream within(ConversationBudget limits) {
        budget = limits;
        return this;
    }

    /** Whatever is written is lost on the way, and so is the sign that it was received. */
    FakeDownstream deaf() {
        answersProbes = false;
        return this;
    }

    @Override
    public boolean resumable() {
        return resumable;
    }

    /** A client that has shown who it is. */
    FakeDownstream of(Caller other) {
        caller = other;
        return this;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public @Nullable String traceparent() {
        return null;
    }

    @Override
    public ConversationBudget budget() {
        return budget;
    }

    @Override
    public Executor eventLoop() {
        borrowers.add(Thread.currentThread());
        return EVENT_LOOP;
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public void probe(Runnable received) {
        probes.add(received);
        if (answersProbes) {
            received.run();
        }
    }

    /** Whether two threads have written at a time. */
    boolean overlapped() {
        return overlapped;
    }

    @Override
    public void send(DownstreamMessage message, int turn, WriteCallback callback) {
        overlapped |= writing.incrementAndGet() > 1;
        try {
            write(message, turn, callback);
        } finally {
            writing.decrementAndGet();
        }
    }

    private void write(DownstreamMessage message, int turn, WriteCallback callback) {
        writers.add(Thread.currentThread());
        turns.add(turn);
        written.add(message);
        synchronized (this) {
            if (stalled) {
                unanswered.add(callback);
                return;
            }
        }
        callback.onWritten(null);
    }

    @Override
    public void close(EndCause cause, String reason, @Nullable UpstreamEnd upstream, Runnable closed) {
        writers.add(Thread.currentThread());
        closes.add(new Close(cause, reason));
        synchronized (this) {
            if (holdsClose) {
                heldCloses.add(closed);
                return;
            }
        }
        closed.run();
    }

    /** Close frames are not written for the time being. */
    synchronized void holdClose() {
        holdsClose = true;
    }

    /** Close frames are written. */
    synchronized void releaseClose() {
        holdsClose = false;
        heldCloses.forEach(Runnable::run);
        heldCloses.clear();
    }

    /** The peer stops reading: writes no longer finish. */
    synchronized void stall() {
        stalled = true;
    }

    /** The peer reads on. */
    void resume() {
        answer(null);
    }

    /** The peer is gone: writes fail. */
    void fail(Throwable failure) {
        answer(failure);
    }

    private void answer(@Nullable Throwable failure) {
        List<WriteCallback> callbacks;
        synchronized (this) {
            stalled = false;
            callbacks = List.copyOf(unanswered);
            unanswered.clear();
        }
        callbacks.forEach(callback -> callback.onWritten(failure));
    }

    /** The written messages of one kind, oldest first. */
    <T extends DownstreamMessage> List<T> written(Class<T> kind) {
        return written.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The resume tokens that the client holds, oldest first. */
    List<String> tokens() {
        return written(GatewayMessage.ResumeOffer.class).stream()
                .map(GatewayMessage.ResumeOffer::token)
                .toList();
    }

    /** The newest resume token. */
    String token() {
        return tokens().getLast();
    }

    synchronized int outstanding() {
        return unanswered.size();
    }
}
