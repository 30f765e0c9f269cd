package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.session.MessageQueue.Entry;
import dev.livebridge.session.SessionState.Ended;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls the model, then writes what the client says to it, and at the end closes the model's socket. */
final class UpPump implements Runnable {

    /** About one and a half seconds of speech in base64. */
    private static final int WINDOW_BYTES = 64 * 1024;

    private final LiveSession session;
    private final MessageQueue<ClientMessage> queue;
    private final UpstreamConnector connector;
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private ClientMessage.@Nullable Setup setup;

    UpPump(LiveSession session, MessageQueue<ClientMessage> queue, UpstreamConnector connector) {
        this.session = session;
        this.queue = queue;
        this.connector = connector;
    }

    /** Begins with the client's setup. */
    void start(ClientMessage.Setup wanted) {
        setup = wanted;
        Thread created =
                Thread.ofVirtual().name("livebridge-up-" + session.id()).unstarted(this);
        thread = created;
        created.start();
        if (session.state() instanceof Ended) {
            created.interrupt();
        }
    }

    /** The model has confirmed the setup. */
    void setupComplete() {
        ready.countDown();
    }

    /** The session has ended: whatever the pump waits for is no longer needed. */
    void stop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public void run() {
        Upstream upstream = null;
        try {
            upstream = connector.connect(
                    Objects.requireNonNull(setup), new Continuation.New(), session.upstreamListener());
            if (awaitReady() && session.goLive(upstream.negotiated())) {
                relay(upstream);
            }
        } catch (UpstreamRefusedException refused) {
            session.end(refused.end().cause(), refused.end().message());
        } catch (InterruptedException ended) {
            // Only the session's end interrupts this thread, and that is what follows anyway.
        } catch (RuntimeException fault) {
            session.fault("calling the model", fault);
        } finally {
            // Closing must not be cut short by the interrupt that asked for it.
            Thread.interrupted();
            if (upstream != null) {
                upstream.close();
            }
        }
    }

    private boolean awaitReady() throws InterruptedException {
        Duration limit = session.services().limits().upstreamSetupTimeout();
        if (ready.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        session.end(
                EndCause.UPSTREAM_UNREACHABLE,
                "Gemini did not confirm the setup within " + limit.toSeconds() + " seconds. Try again later.");
        return false;
    }

    private void relay(Upstream upstream) {
        WriteWindow window = new WriteWindow(Thread.currentThread(), WINDOW_BYTES);
        while (!ended()) {
            window.await(this::ended);
            Entry<ClientMessage> entry = queue.take();
            if (entry == null) {
                return;
            }
            int bytes = entry.bytes();
            long taken = session.services().now();
            window.began(bytes);
            upstream.send(entry.message(), failure -> {
                window.finished(bytes);
                session.writtenUp(entry, taken, failure != null);
            });
        }
    }

    private boolean ended() {
        return session.state() instanceof Ended;
    }
}
