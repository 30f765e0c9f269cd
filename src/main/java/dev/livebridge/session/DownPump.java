package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.session.MessageQueue.Entry;
import dev.livebridge.session.SessionState.Ended;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Writes what the model and the gateway say to the client, and at the end closes the client's socket. */
final class DownPump implements Runnable {

    /** About one second of speech in base64. */
    private static final int WINDOW_BYTES = 64 * 1024;

    /** What is owed to a client at the end must be read within this time, or it is lost. */
    private static final Duration FLUSH_TIME = Duration.ofSeconds(5);

    private final LiveSession session;
    private final MessageQueue<DownstreamMessage> queue;
    private final Downstream socket;
    private final Thread thread;
    private final WriteWindow window;

    DownPump(LiveSession session, MessageQueue<DownstreamMessage> queue, Downstream socket) {
        this.session = session;
        this.queue = queue;
        this.socket = socket;
        this.thread = Thread.ofVirtual().name("livebridge-down-" + session.id()).unstarted(this);
        this.window = new WriteWindow(thread, WINDOW_BYTES);
    }

    void start() {
        thread.start();
    }

    /** The session has ended: a pump that waits for a slow client looks at its deadline. */
    void stop() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        while (!outOfTime()) {
            // Waiting first and taking then: what an interruption may still drop stays in the queue.
            window.await(this::outOfTime);
            Entry<DownstreamMessage> entry = queue.take();
            if (entry == null) {
                break;
            }
            write(entry);
        }
        queue.discard();
        window.awaitEmpty(this::outOfTime);
        if (session.state() instanceof Ended(EndCause cause, String message, long at)) {
            socket.close(cause, message);
        }
    }

    private void write(Entry<DownstreamMessage> entry) {
        int bytes = entry.bytes();
        long taken = session.services().now();
        window.began(bytes);
        try {
            socket.send(entry.message(), failure -> {
                window.finished(bytes);
                session.writtenDown(entry, taken, failure != null);
            });
        } catch (RuntimeException fault) {
            window.finished(bytes);
            session.fault("writing to the client", fault);
        }
    }

    private boolean outOfTime() {
        return session.state() instanceof Ended ended
                && (ended.cause().clientGone()
                        || ended.cause() == EndCause.SLOW_CONSUMER
                        || session.services().now() - ended.atNanos() > FLUSH_TIME.toNanos());
    }
}
