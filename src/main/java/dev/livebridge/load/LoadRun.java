package dev.livebridge.load;

import io.quarkus.runtime.ImageMode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run: adds talkers step by step, measures each step, then ends all conversations. */
final class LoadRun implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 100_000;
    private static final int EVENT_LOOPS = 8;
    private static final long POLL_MS = 250;

    /** Delay between the last added talker and the measurement, so that first answers have begun. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /** Time limit until all talkers of a step have a conversation; the report counts those without. */
    private static final Duration ALL_READY_TIMEOUT = Duration.ofSeconds(20);

    /** Time limit for the first talker. */
    private static final Duration FIRST_READY_TIMEOUT = Duration.ofSeconds(20);

    /** Time limit for outstanding answers and echoes at the end. */
    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(20);

    private final LoadOptions options;
    private final Progress progress;
    private final ScoreBoard board = new ScoreBoard();
    private final ChunkScheduler scheduler = new ChunkScheduler();
    private final List<Talker> talkers = new ArrayList<>();
    private final List<StepResult> results = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Vertx vertx;
    private final WebSocketClient client;
    private final @Nullable Scraper scraper;

    LoadRun(LoadOptions options, Progress progress) {
        NettyProperties.set(ImageMode.current());
        this.options = options;
        this.progress = progress;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.min(EVENT_LOOPS, Runtime.getRuntime().availableProcessors()))
                // Nothing is served from files; the root may be read-only.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        // Vert.x 4.5 treats timer id 0 as none: the first handshake's timeout would not be cancelled and would
        // close the socket later. This timer uses that id.
        vertx.cancelTimer(vertx.setTimer(1, _ -> {}));
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(MAX_MESSAGE_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES));
        this.scraper = options.metrics() == null ? null : new Scraper(options.metrics());
    }

    /** How long a run takes when nothing holds it up. */
    static Duration expected(LoadOptions options) {
        return options.ramp()
                .plus(SETTLE)
                .plus(options.duration())
                .multipliedBy(options.steps().size());
    }

    /**
     * Runs all steps.
     *
     * @throws LoadFailedException when the service does not answer, or its metrics can't be read
     */
    LoadReport run() throws LoadFailedException, InterruptedException {
        PrometheusPage before = scrape();
        for (int step : options.steps()) {
            addTalkers(step);
            await(SETTLE, "settling", () -> false);
            await(ALL_READY_TIMEOUT, "waiting for everybody", () -> ready() == step);
            if (hasEnded()) {
                break;
            }
            before = scrape();
            measure(step, before);
        }
        finish();
        progress.end();
        return new LoadReport(options, List.copyOf(results), board.total(), hasEnded());
    }

    /** Ends the run early; what was measured so far is reported. May be called by any thread. */
    void end() {
        ended.countDown();
    }

    private boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void addTalkers(int step) throws LoadFailedException, InterruptedException {
        int added = step - talkers.size();
        long startedAt = System.nanoTime();
        for (int i = 0; i < added && !hasEnded(); i++) {
            long due = startedAt + options.ramp().toNanos() * i / added;
            await(Duration.ofNanos(Math.max(0, due - System.nanoTime())), "arriving", () -> false);
            Talker talker = new Talker(talkers.size(), client, options, scheduler, board);
            talkers.add(talker);
            vertx.deployVerticle(talker);
            if (talkers.size() == 1) {
                awaitFirst(talker);
            }
        }
    }

    private void awaitFirst(Talker first) throws LoadFailedException, InterruptedException {
        await(
                FIRST_READY_TIMEOUT,
                "connecting",
                () -> first.isReady() || !first.lastFailure().isEmpty());
        if (!first.isReady() && !hasEnded()) {
            String why = first.lastFailure();
            throw new LoadFailedException(
                    "no conversation with " + options.target() + (why.isEmpty() ? ": it does not answer" : ": " + why));
        }
    }

    private void measure(int step, @Nullable PrometheusPage before) throws LoadFailedException, InterruptedException {
        Scores scores = board.turnOver();
        long startedAt = System.nanoTime();
        await(options.duration(), "measuring", () -> false);
        Duration measured = Duration.ofNanos(System.nanoTime() - startedAt);
        PrometheusPage after = scrape();
        board.turnOver();
        results.add(new StepResult(
                step,
                ready(),
                measured,
                scores,
                before == null || after == null ? null : ServiceFigures.between(before, after)));
    }

    private void finish() throws InterruptedException {
        talkers.forEach(Talker::finish);
        if (!hasEnded()) {
            await(
                    FINISH_TIMEOUT,
                    "hearing the last answers",
                    () -> talkers.stream().allMatch(Talker::isSettled));
        }
        CountDownLatch gone = new CountDownLatch(talkers.size());
        for (Talker talker : talkers) {
            if (talker.deploymentID() == null) {
                gone.countDown();
            } else {
                vertx.undeploy(talker.deploymentID()).onComplete(done -> gone.countDown());
            }
        }
        gone.await(FINISH_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private int ready() {
        return (int) talkers.stream().filter(Talker::isReady).count();
    }

    private @Nullable PrometheusPage scrape() throws LoadFailedException, InterruptedException {
        return scraper == null ? null : scraper.scrape();
    }

    /** Waits until something is so, the time is over, or the run is ended; shows how far it is meanwhile. */
    private void await(Duration atMost, String doing, BooleanSupplier enough) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!enough.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || ended.await(Math.min(left, POLL_MS * 1_000_000), TimeUnit.NANOSECONDS)) {
                return;
            }
            progress.show(doing, ready(), board.current());
        }
    }

    @Override
    public void close() {
        scheduler.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        if (scraper != null) {
            scraper.close();
        }
    }
}
