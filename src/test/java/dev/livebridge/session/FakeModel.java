package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A model one can dial, that says what the test tells it to. */
final class FakeModel implements UpstreamConnector {

    final List<ClientMessage> received = new CopyOnWriteArrayList<>();
    final List<Thread> writers = new CopyOnWriteArrayList<>();
    final AtomicInteger dialled = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    private final CountDownLatch pickUp;
    private final Negotiated negotiated;
    private volatile @Nullable UpstreamListener listener;
    private volatile @Nullable UpstreamEnd refusal;

    FakeModel(Negotiated negotiated, boolean picksUpAtOnce) {
        this.negotiated = negotiated;
        this.pickUp = new CountDownLatch(picksUpAtOnce ? 0 : 1);
    }

    static FakeModel speaking() {
        return new FakeModel(new Negotiated("simulator", "m", "{}", true, false, true, true, List.of()), true);
    }

    static FakeModel ringing() {
        return new FakeModel(new Negotiated("simulator", "m", "{}", true, false, true, true, List.of()), false);
    }

    static FakeModel transcribing() {
        return new FakeModel(new Negotiated("simulator", "m", "{}", false, true, false, false, List.of()), true);
    }

    void refuse(UpstreamEnd end) {
        refusal = end;
    }

    void pickUp() {
        pickUp.countDown();
    }

    @Override
    public Upstream connect(ClientMessage.Setup setup, Continuation continuation, UpstreamListener upstreamListener)
            throws UpstreamRefusedException, InterruptedException {
        dialled.incrementAndGet();
        UpstreamEnd no = refusal;
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
        open.incrementAndGet();
        return new Upstream() {
            private boolean closed;

            @Override
            public Negotiated negotiated() {
                return negotiated;
            }

            @Override
            public List<ClientMessage> opening() {
                return List.of();
            }

            @Override
            public void send(ClientMessage message, WriteCallback callback) {
                writers.add(Thread.currentThread());
                received.add(message);
                callback.done(null);
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    open.decrementAndGet();
                }
            }
        };
    }

    /** Says several things in one frame. */
    void says(ServerMessage... messages) {
        UpstreamListener hears = listener;
        if (hears == null) {
            throw new AssertionError("nobody has dialled yet");
        }
        hears.onMessages(List.of(messages), 0, 0);
    }

    boolean connected() {
        return listener != null;
    }

    /** Hangs up. */
    void closes(UpstreamEnd end) {
        UpstreamListener hears = listener;
        if (hears == null) {
            throw new AssertionError("nobody has dialled yet");
        }
        hears.onClosed(end);
    }
}
