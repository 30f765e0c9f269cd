package dev.livebridge.bench;

import dev.livebridge.bench.BareRelay.Arrangement;
import dev.livebridge.bench.Talkers.Established;
import dev.livebridge.bench.Talkers.Result;
import dev.livebridge.bench.Talkers.Speech;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The latency, CPU time and context switches that the gateway adds to a relayed message, what it costs to establish a
 * session, and what an idle session costs. In turn, within one run: clients straight to a fake Gemini, through a bare
 * relay ({@link BareRelay}) in each of its arrangements, through a Node relay, and through the packaged gateway in its
 * dialects; on request also through another build of it ({@code -Dbench.other.jar=…/quarkus-run.jar}) or with other
 * options ({@code -Dbench.other.options=…}). Each relay is a process of its own, so that its CPU time is measured
 * separately.
 *
 * <p>Figures of one run compare with each other; figures of different runs or machines do not.
 */
public final class RelayBenchmark {

    private static final int CHUNK_BYTES = 3_200;
    private static final int TALKERS = 20;
    private static final int MANY = 200;
    private static final int IDLE = 1_000;
    private static final int LANES = 16;
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final String GEMINI_PATH =
            "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    private final Vertx vertx = Vertx.vertx();
    private final int geminiPort = FakeGemini.start(vertx);
    private final long seconds = Long.getLong("bench.seconds", 10);
    private final int rounds = Integer.getInteger("bench.rounds", 3);
    private final long warmUpSeconds = Long.getLong("bench.warmup", 60);
    private final int sessions = Integer.getInteger("bench.sessions", 1_000);
    private final Report report = new Report();

    private RelayBenchmark() {}

    /** Runs everything; argument: the packaged gateway's {@code quarkus-run.jar}. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        new RelayBenchmark().run(Path.of(arguments[0]));
        System.exit(0);
    }

    /** The same chunk in each wire format. */
    private record Formats(Speech gemini, Speech tutorial, Speech live) {

        static Formats of(byte[] pcm) {
            String audio = Base64.getEncoder().encodeToString(pcm);
            String setup =
                    "{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]}}}";
            ByteBuffer frame = ByteBuffer.allocate(8 + pcm.length).order(ByteOrder.LITTLE_ENDIAN);
            frame.put(0, (byte) 1).put(8, pcm);
            return new Formats(
                    new Speech(
                            GEMINI_PATH,
                            setup,
                            "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"" + audio
                                    + "\"}}}",
                            null,
                            true),
                    new Speech(
                            "/",
                            "{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]}}}",
                            "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"" + audio
                                    + "\"}]}}",
                            null,
                            false),
                    new Speech("/live", setup, "", Buffer.buffer(frame.array()), true));
        }
    }

    private void run(Path gateway) throws IOException, InterruptedException {
        byte[] pcm = new byte[CHUNK_BYTES];
        new Random(1).nextBytes(pcm);
        Formats formats = Formats.of(pcm);
        try (Relay bare = bare(Arrangement.ONE_LOOP);
                Relay handedOver = bare(Arrangement.TWO_LOOPS);
                Relay pumped = bare(Arrangement.VIRTUAL_THREADS);
                Relay node = node();
                Relay ours = gateway(gateway, List.of());
                Relay other = other(gateway)) {
            Target yardstick = new Target(Report.YARDSTICK, bare.port(), formats.gemini(), bare);
            Target livebridge = new Target("livebridge, tutorial", ours.port(), formats.tutorial(), ours);
            List<Target> targets = new ArrayList<>(List.of(
                    new Target("direct", geminiPort, formats.gemini(), null),
                    yardstick,
                    new Target("bare, two loops", handedOver.port(), formats.gemini(), handedOver),
                    new Target("bare, virtual threads", pumped.port(), formats.gemini(), pumped)));
            List<Target> established = new ArrayList<>(List.of(yardstick));
            if (node != null) {
                Target ws = new Target("node ws, tutorial", node.port(), formats.tutorial(), node);
                targets.add(ws);
                established.add(ws);
            }
            targets.add(livebridge);
            targets.add(new Target("livebridge, gemini", ours.port(), formats.gemini(), ours));
            targets.add(new Target("livebridge, live", ours.port(), formats.live(), ours));
            established.add(livebridge);
            if (other != null) {
                Target second = new Target("other, tutorial", other.port(), formats.tutorial(), other);
                targets.add(second);
                targets.add(new Target("other, gemini", other.port(), formats.gemini(), other));
                established.add(second);
            }
            warmUp(targets);
            Report.header();
            for (int round = 0; round < rounds; round++) {
                for (Target target : targets) {
                    report.add(Report.TALK, target.name(), measure(target, TALKERS, false, seconds));
                }
                for (Target target : targets) {
                    report.add(Report.FULL_SPEED, target.name(), measure(target, MANY, true, seconds));
                }
            }
            report.summary();
            if (sessions > 0) {
                establish(established);
                for (Target target : established) {
                    idle(target);
                }
            }
        }
    }

    /** All relays at once at the pace of speech, because compilers judge by the load; then each at full speed. */
    private void warmUp(List<Target> targets) throws InterruptedException {
        System.out.printf("warming up for %d s%n", warmUpSeconds);
        List<Thread> running = new ArrayList<>();
        for (Target target : targets) {
            running.add(Thread.ofPlatform().start(() -> {
                try (Talkers talkers = new Talkers(vertx, target.port(), target.speech(), TALKERS)) {
                    talkers.openLoop(PERIOD_NANOS, TimeUnit.SECONDS.toNanos(warmUpSeconds));
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the warm-up was interrupted", e);
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        for (Target target : targets) {
            try (Talkers talkers = new Talkers(vertx, target.port(), target.speech(), MANY)) {
                talkers.closedLoop(TimeUnit.SECONDS.toNanos(Math.min(seconds, warmUpSeconds)));
            }
        }
    }

    private Relay gateway(Path jar, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of(
                "-Dquarkus.http.port=0",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.management.port=0",
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.log.console.json.enabled=false",
                "-Dlivebridge.session.max-per-instance=5000",
                "-Dquarkus.http.limits.max-connections=10000",
                "-jar",
                jar.toString()));
        return Relay.java(
                arguments,
                // As variables, which an older build that is compared lets pass when it does not know them.
                Map.of(
                        "LIVEBRIDGE_UPSTREAM_BACKEND", "gemini",
                        "LIVEBRIDGE_ACCESS_MODE", "open",
                        "LIVEBRIDGE_GEMINI_BASE_URI", "http://127.0.0.1:" + geminiPort,
                        "LIVEBRIDGE_BROWSER_CLIENTS_WITHOUT_ORIGIN", "loopback",
                        "LIVEBRIDGE_SESSION_FRAMES_PER_SECOND", "100000",
                        "LIVEBRIDGE_SESSION_BYTES_PER_SECOND", "1000000000",
                        "GEMINI_API_KEY", "benchmark"),
                "Listening on: http://127.0.0.1:");
    }

    /** A second gateway to compare with, in the same run: another build, other options, or both; usually none. */
    private @Nullable Relay other(Path gateway) throws IOException {
        String jar = System.getProperty("bench.other.jar", "");
        String options = System.getProperty("bench.other.options", "");
        if (jar.isEmpty() && options.isEmpty()) {
            return null;
        }
        return gateway(
                jar.isEmpty() ? gateway : Path.of(jar), options.isEmpty() ? List.of() : List.of(options.split(" ")));
    }

    private Relay bare(Arrangement arrangement) throws IOException {
        return Relay.java(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareRelay.class.getName(),
                        "" + geminiPort,
                        arrangement.name()),
                Map.of(),
                "listening ");
    }

    /** The Node relay; {@code null} where Node or its package {@code ws} is not installed. */
    private @Nullable Relay node() {
        Path script = Path.of(System.getProperty("bench.node", "src/bench/js/relay.mjs"));
        try {
            if (!Files.exists(script)) {
                throw new IOException(script + " does not exist");
            }
            return Relay.start(List.of("node", script.toString(), "" + geminiPort), Map.of(), "listening ");
        } catch (IOException e) {
            System.out.printf(
                    "%n*** SKIPPED: the Node relay does not start. Install Node, and run npm ci.%n*** %s%n%n",
                    e.getMessage());
            return null;
        }
    }

    private record Target(
            String name, int port, Speech speech, @Nullable Relay process) {}

    private Report.Row measure(Target target, int talking, boolean closedLoop, long duration)
            throws InterruptedException, IOException {
        long nanos = TimeUnit.SECONDS.toNanos(duration);
        Relay process = target.process();
        try (Talkers talkers = new Talkers(vertx, target.port(), target.speech(), talking)) {
            double cpu = process == null ? 0 : process.cpuMicros();
            long switches = process == null ? 0 : process.contextSwitches();
            Result result = closedLoop ? talkers.closedLoop(nanos) : talkers.openLoop(PERIOD_NANOS, nanos);
            long messages = 2 * result.roundTrips();
            double perMessage = Math.max(1, messages);
            return new Report.Row(
                    messages,
                    process == null ? 0 : (process.cpuMicros() - cpu) / perMessage,
                    process == null ? 0 : (process.contextSwitches() - switches) / perMessage,
                    result.latency().getValueAtPercentile(50) / 1e6,
                    result.latency().getValueAtPercentile(99) / 1e6,
                    result.lost());
        }
    }

    /** Sessions that are established as fast as possible; the first round warms up. */
    private void establish(List<Target> targets) throws InterruptedException {
        System.out.printf(
                "%nSessions established as fast as possible, %d at a time, each up to the first echo%n"
                        + "target: at least 0.7 times the rate of node ws, at most 2 times its CPU%n",
                LANES);
        for (int round = 0; round <= rounds; round++) {
            for (Target target : targets) {
                Relay process = target.process();
                double before = process == null ? 0 : process.cpuMicros();
                Established done = Talkers.establish(vertx, target.port(), target.speech(), sessions, LANES);
                double cpu = process == null ? 0 : process.cpuMicros() - before;
                if (round > 0) {
                    System.out.printf(
                            "%-22s %8.0f sessions/s %8.2f ms CPU per session%n",
                            target.name(), done.sessions() / done.seconds(), cpu / 1e3 / Math.max(1, done.sessions()));
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    /** What idle sessions cost; targets: 25 KiB of resident memory each, 0.2 % of a core for 1,000. */
    private void idle(Target target) throws InterruptedException, IOException {
        Relay process = target.process();
        if (process == null) {
            return;
        }
        boolean java = process.process().info().command().orElse("").endsWith("java");
        long heap = java ? process.liveHeapBytes() : 0;
        long resident = process.residentBytes();
        try (Talkers _ = new Talkers(vertx, target.port(), target.speech(), IDLE)) {
            TimeUnit.SECONDS.sleep(2);
            double cpu = process.cpuMicros();
            TimeUnit.SECONDS.sleep(seconds);
            double share = (process.cpuMicros() - cpu) / 1e4 / seconds;
            long grown = process.residentBytes() - resident;
            System.out.printf(
                    "%d idle sessions, %-22s %5.2f %% of a core [0.20], %5.1f KiB of resident memory each [25]",
                    IDLE, target.name(), share, grown / 1024.0 / IDLE);
            System.out.println(
                    java
                            ? ", %.1f KiB of live heap each".formatted((process.liveHeapBytes() - heap) / 1024.0 / IDLE)
                            : "");
        }
    }
}
