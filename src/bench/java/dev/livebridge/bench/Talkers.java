package dev.livebridge.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients that send chunks of audio and wait for each to come back. */
final class Talkers implements AutoCloseable {

    private static final int MAX_MESSAGE = 16 * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 100_000;

    /**
     * The wire format of a kind of target.
     *
     * @param path of the endpoint
     * @param setup the first message
     * @param chunk a message with audio, as text; used when {@code frame} is {@code null}
     * @param frame a message with audio, as a binary frame; answers are then binary frames
     * @param confirmsSetup whether the first message back is a confirmation
     */
    record Speech(
            String path,
            String setup,
            String chunk,
            @Nullable Buffer frame,
            boolean confirmsSetup) {

        void write(WebSocket socket) {
            if (frame == null) {
                socket.writeTextMessage(chunk);
            } else {
                socket.writeBinaryMessage(frame);
            }
        }
    }

    /**
     * How fast sessions are established.
     *
     * @param sessions that were established, up to the first echo
     * @param seconds that it took
     */
    record Established(int sessions, double seconds) {}

    /**
     * What was measured.
     *
     * @param roundTrips chunks that came back
     * @param lost chunks that did not within a second after the end
     * @param latency of round trips, in nanoseconds from the time a chunk was due
     */
    record Result(long roundTrips, long lost, Histogram latency) {}

    private final WebSocketClient client;
    private final List<Talker> talkers = new ArrayList<>();

    Talkers(Vertx vertx, int port, Speech speech, int count) throws InterruptedException {
        client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
        CountDownLatch ready = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            WebSocket socket = client.connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(port)
                            .setURI(speech.path()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            talkers.add(new Talker(socket, speech, ready));
        }
        if (!ready.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(ready.getCount() + " of " + count + " sessions did not begin");
        }
    }

    /** Every talker sends a chunk each period, without waiting for the previous one, as microphones do. */
    Result openLoop(long periodNanos, long durationNanos) throws InterruptedException {
        ConcurrentHistogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(10), 3);
        talkers.forEach(talker -> talker.begin(latency, false));
        long begin = System.nanoTime();
        long gap = periodNanos / talkers.size();
        long ticks = durationNanos / gap;
        for (long tick = 0; tick < ticks; tick++) {
            long due = begin + tick * gap;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            talkers.get((int) (tick % talkers.size())).say(due);
        }
        return finish(latency);
    }

    /** Every talker sends its next chunk as soon as the previous one came back: maximum throughput. */
    Result closedLoop(long durationNanos) throws InterruptedException {
        ConcurrentHistogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(10), 3);
        talkers.forEach(talker -> talker.begin(latency, true));
        talkers.forEach(talker -> talker.say(System.nanoTime()));
        TimeUnit.NANOSECONDS.sleep(durationNanos);
        return finish(latency);
    }

    private Result finish(Histogram latency) throws InterruptedException {
        talkers.forEach(Talker::end);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (talkers.stream().anyMatch(Talker::waiting) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return new Result(
                talkers.stream().mapToLong(talker -> talker.returned.get()).sum(),
                talkers.stream().mapToLong(Talker::outstanding).sum(),
                latency);
    }

    /**
     * Establishes sessions one after the other on each of several lanes, up to the first echo, and closes each.
     *
     * @param sessions how many
     * @param lanes how many are being established at a time
     */
    static Established establish(Vertx vertx, int port, Speech speech, int sessions, int lanes)
            throws InterruptedException {
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
        AtomicInteger left = new AtomicInteger(sessions);
        CountDownLatch echoed = new CountDownLatch(sessions);
        AtomicInteger failed = new AtomicInteger();
        long begun = System.nanoTime();
        for (int lane = 0; lane < lanes; lane++) {
            establishNext(client, port, speech, left, echoed, failed);
        }
        boolean all = echoed.await(60, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - begun) / 1e9;
        client.close();
        if (!all || failed.get() > 0) {
            System.out.printf("  %d sessions failed, %d did not end%n", failed.get(), echoed.getCount());
        }
        return new Established(sessions - failed.get() - (int) echoed.getCount(), seconds);
    }

    private static void establishNext(
            WebSocketClient client,
            int port,
            Speech speech,
            AtomicInteger left,
            CountDownLatch echoed,
            AtomicInteger failed) {
        if (left.getAndDecrement() <= 0) {
            return;
        }
        Runnable next = () -> establishNext(client, port, speech, left, echoed, failed);
        client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(speech.path()))
                .onSuccess(socket -> {
                    AtomicBoolean asked = new AtomicBoolean(!speech.confirmsSetup());
                    java.util.function.IntConsumer onMessage = length -> {
                        if (asked.compareAndSet(false, true)) {
                            speech.write(socket);
                        } else if (length > 100) {
                            socket.close();
                            echoed.countDown();
                            next.run();
                        }
                    };
                    socket.textMessageHandler(text -> onMessage.accept(speech.frame() == null ? text.length() : 0));
                    socket.binaryMessageHandler(data -> onMessage.accept(data.length()));
                    socket.writeTextMessage(speech.setup());
                    if (!speech.confirmsSetup()) {
                        speech.write(socket);
                    }
                })
                .onFailure(_ -> {
                    failed.incrementAndGet();
                    echoed.countDown();
                    next.run();
                });
    }

    @Override
    public void close() {
        talkers.forEach(talker -> talker.socket.close());
        client.close();
    }

    private static final class Talker {

        private final WebSocket socket;
        private final Speech speech;
        private final AtomicBoolean ready = new AtomicBoolean();
        private final java.util.Queue<Long> due = new java.util.concurrent.ConcurrentLinkedQueue<>();
        private final AtomicLong said = new AtomicLong();
        private final AtomicLong returned = new AtomicLong();
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile Histogram latency = new Histogram(3);
        private volatile boolean closedLoop;

        Talker(WebSocket socket, Speech speech, CountDownLatch allReady) {
            this.socket = socket;
            this.speech = speech;
            // A client with binary frames gets the echo in binary frames, and text frames about the conversation.
            socket.textMessageHandler(text -> onMessage(speech.frame() == null ? text.length() : 0, allReady));
            socket.binaryMessageHandler(data -> onMessage(data.length(), allReady));
            socket.writeTextMessage(speech.setup());
            if (!speech.confirmsSetup()) {
                speech.write(socket);
            }
        }

        void begin(Histogram histogram, boolean closed) {
            due.clear();
            said.set(0);
            returned.set(0);
            latency = histogram;
            closedLoop = closed;
        }

        void say(long dueNanos) {
            said.incrementAndGet();
            due.add(dueNanos);
            speech.write(socket);
        }

        void end() {
            closedLoop = false;
        }

        boolean waiting() {
            return outstanding() > 0;
        }

        long outstanding() {
            return said.get() - returned.get();
        }

        private void onMessage(int length, CountDownLatch allReady) {
            if (ready.compareAndSet(false, true)) {
                allReady.countDown();
                return;
            }
            Long since = length > 100 ? due.poll() : null;
            if (since != null) {
                latency.recordValue(Math.min(System.nanoTime() - since, TimeUnit.SECONDS.toNanos(10)));
                returned.incrementAndGet();
                rounds.incrementAndGet();
                if (closedLoop) {
                    say(System.nanoTime());
                }
            }
        }
    }
}
