package dev.livebridge.session;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.gemini.wire.PictureParts;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.WithoutPictures;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.session.upstream.ContextChange;
import dev.livebridge.session.upstream.Upstream;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model one can dial, that says what the test tells it to. */
final class FakeModel implements UpstreamConnector {

    private static final Executor EVENT_LOOP = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("model-loop").factory());

    final List<ClientMessage> received = new CopyOnWriteArrayList<>();
    final List<Thread> writers = new CopyOnWriteArrayList<>();
    final List<ClientMessage.Setup> setups = new CopyOnWriteArrayList<>();
    final List<Continuation> continuations = new CopyOnWriteArrayList<>();
    final AtomicInteger dialled = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger pings = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    private final CountDownLatch pickUp;
    private final Negotiated negotiated;
    private final Queue<UpstreamEnd> refusals = new ConcurrentLinkedQueue<>();
    private volatile List<ClientMessage> opening = List.of();
    private volatile boolean closesSlowly;
    private final AtomicInteger writing = new AtomicInteger();
    private volatile boolean overlapped;
    private volatile boolean stalled;
    private volatile boolean failing;
    private volatile @Nullable UpstreamListener listener;
    private volatile @Nullable UpstreamListener confirmed;
    private volatile @Nullable UpstreamEnd refusal;

    FakeModel(Negotiated negotiated, boolean picksUpAtOnce) {
        this.negotiated = negotiated;
        this.pickUp = new CountDownLatch(picksUpAtOnce ? 0 : 1);
    }

    static FakeModel speaking() {
        return new FakeModel(agreed(true, false, ConnectionTraits.USUAL), true);
    }

    static FakeModel ringing() {
        return new FakeModel(agreed(true, false, ConnectionTraits.USUAL), false);
    }

    static FakeModel transcribing() {
        return new FakeModel(agreed(false, true, ConnectionTraits.USUAL), true);
    }

    static FakeModel with(ConnectionTraits traits) {
        return new FakeModel(agreed(true, false, traits), true);
    }

    /** What is agreed; the function {@code f} blocks the model. */
    static Negotiated agreed(boolean audio, boolean transcriptAsText, ConnectionTraits traits) {
        return new Negotiated(
                "simulator",
                "m",
                "{}",
                "{}",
                null,
                audio,
                transcriptAsText,
                audio,
                audio,
                true,
                List.of(),
                traits,
                Set.of("f"));
    }

    /** Every call is refused from now on; {@code null} ends it. */
    void refuse(@Nullable UpstreamEnd end) {
        refusal = end;
    }

    /** The next calls are refused like this, one each. */
    void refuseOnce(UpstreamEnd... ends) {
        refusals.addAll(List.of(ends));
    }

    /** What a rebuilt connection begins with. */
    void opensWith(ClientMessage... messages) {
        opening = List.of(messages);
    }

    /** Its close frames stay unanswered for ever. */
    void closesSlowly() {
        closesSlowly = true;
    }

    /** It stops, or begins again, to take what is written. */
    void stall(boolean stops) {
        stalled = stops;
    }

    /** Writes to the connection that is open fail from now on. */
    void failWrites() {
        failing = true;
    }

    /** Whether two threads have written at a time. */
    boolean overlapped() {
        return overlapped;
    }

    void pickUp() {
        pickUp.countDown();
    }

    @Override
    public Upstream connect(
            ClientMessage.Setup setup,
            Permissions permissions,
            Continuation continuation,
            Executor clientLoop,
            UpstreamListener upstreamListener)
            throws UpstreamRefusedException, InterruptedException {
        setups.add(setup);
        continuations.add(continuation);
        dialled.incrementAndGet();
        UpstreamEnd no = refusals.poll();
        if (no == null) {
            no = refusal;
        }
        if (no != null) {
            throw new UpstreamRefusedException(no);
        }
        try {
            pickUp.await();
        } catch (InterruptedException hungUp) {
            abandoned.incrementAndGet();
            throw hungUp;
        }
        listener = upstreamListener;
        failing = false;
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        return new Line(continuation instanceof Continuation.Rebuilt ? opening : List.of());
    }

    /** Why updates of the context are refused; {@code null} when they are passed on. */
    volatile @Nullable UpstreamEnd contextRefusal;

    /** Runs whenever the session reads what was negotiated. */
    volatile Runnable onNegotiatedRead = () -> {};

    /** Runs when the session reads the first messages of a connection that is not the first. */
    volatile Runnable onOpeningRead = () -> {};

    private final class Line implements Upstream {

        @Override
        public ContextChange change(ClientMessage.ContextUpdate update, ClientMessage.Setup wish)
                throws UpstreamRefusedException {
            UpstreamEnd no = contextRefusal;
            if (no != null) {
                throw new UpstreamRefusedException(no);
            }
            return new ContextChange(update, new ClientMessage.Setup(update.json()), List.of("fitted"));
        }

        private final List<ClientMessage> first;
        private final CountDownLatch closed = new CountDownLatch(1);

        Line(List<ClientMessage> first) {
            this.first = first;
        }

        @Override
        public Negotiated negotiated() {
            onNegotiatedRead.run();
            return negotiated;
        }

        @Override
        public Executor eventLoop() {
            return EVENT_LOOP;
        }

        @Override
        public List<ClientMessage> opening() {
            onOpeningRead.run();
            return first;
        }

        @Override
        public void send(ClientMessage message, WriteCallback callback) {
            overlapped |= writing.incrementAndGet() > 1;
            writers.add(Thread.currentThread());
            received.add(message);
            if (failing) {
                callback.onWritten(new IllegalStateException("broken pipe"));
            } else if (!stalled) {
                callback.onWritten(null);
            }
            writing.decrementAndGet();
        }

        @Override
        public void ping() {
            writers.add(Thread.currentThread());
            pings.incrementAndGet();
        }

        @Override
        public synchronized void close() {
            if (closed.getCount() > 0) {
                closed.countDown();
                open.decrementAndGet();
            }
        }

        @Override
        public boolean awaitClosed(Duration patience) throws InterruptedException {
            return !closesSlowly && closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Says several things in one frame, long ago. */
    void says(ServerMessage... messages) {
        saysAt(0, messages);
    }

    /** Says several things in one frame. */
    void saysAt(long nanos, ServerMessage... messages) {
        UpstreamListener newest = listener();
        if (Stream.of(messages).anyMatch(ServerMessage.SetupComplete.class::isInstance)) {
            confirmed = newest;
        }
        newest.onMessages(List.of(messages), 0, nanos);
    }

    /** Whether the newest connection still waits for its {@code setupComplete}. */
    boolean awaitsSetupComplete() {
        UpstreamListener newest = listener;
        return newest != null && !newest.equals(confirmed);
    }

    boolean connected() {
        return listener != null;
    }

    /** The session's ear for the newest connection. */
    UpstreamListener listener() {
        UpstreamListener hears = listener;
        if (hears == null) {
            throw new AssertionError("nobody has dialled yet");
        }
        return hears;
    }

    /** Hangs up. */
    void closes(UpstreamEnd end) {
        listener().onClosed(end);
    }

    @Override
    public WithoutPictures withoutPictures(ClientMessage message) {
        return PictureParts.removeFrom(message);
    }
}
