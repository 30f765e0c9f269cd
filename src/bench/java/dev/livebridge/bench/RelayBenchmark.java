package dev.livebridge.bench;

import dev.livebridge.bench.BareRelay.Arrangement;
import dev.livebridge.bench.Talkers.Result;
import dev.livebridge.bench.Talkers.Speech;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The latency and CPU time that the gateway adds to a relayed message. In turn, within one run: clients straight to a
 * fake Gemini, through a bare relay ({@link BareRelay}) in each of its arrangements, and through the packaged gateway;
 * on request also through another build of it ({@code -Dbench.other.jar=…/quarkus-run.jar}) or with other options
 * ({@code -Dbench.other.options=…}). Each relay is a process of its own, so that its CPU time is measured separately.
 *
 * <p>Figures of one run compare with each other; figures of different runs or machines do not.
 */
public final class RelayBenchmark {

    private static final int CHUNK_BYTES = 3_200;
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final String GEMINI_PATH =
            "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    private final Vertx vertx = Vertx.vertx();
    private final int geminiPort = FakeGemini.start(vertx);
    private final long seconds = Long.getLong("bench.seconds", 10);
    private final int rounds = Integer.getInteger("bench.rounds", 3);

    private RelayBenchmark() {}

    /** Runs everything; argument: the packaged gateway's {@code quarkus-run.jar}. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        new RelayBenchmark().run(Path.of(arguments[0]));
        System.exit(0);
    }

    private void run(Path gateway) throws IOException, InterruptedException {
        byte[] pcm = new byte[CHUNK_BYTES];
        new Random(1).nextBytes(pcm);
        String audio = Base64.getEncoder().encodeToString(pcm);
        Speech wire = new Speech(
                GEMINI_PATH,
                "{\"setup\":{\"model\":\"models/gemini-3.8-live\"}}",
                "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"" + audio + "\"}}}",
                true);
        Speech tutorial = new Speech(
                "/",
                "{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]}}}",
                "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"" + audio + "\"}]}}",
                false);
        try (Relay bare = bare(Arrangement.ONE_LOOP);
                Relay handedOver = bare(Arrangement.TWO_LOOPS);
                Relay pumped = bare(Arrangement.VIRTUAL_THREADS);
                Relay ours = gateway(gateway, List.of());
                Relay other = other(gateway)) {
            List<Target> targets = new ArrayList<>(List.of(
                    new Target("direct", geminiPort, wire, null),
                    new Target("bare relay", bare.port(), wire, bare),
                    new Target("  two event loops", handedOver.port(), wire, handedOver),
                    new Target("  virtual threads", pumped.port(), wire, pumped),
                    new Target("livebridge", ours.port(), tutorial, ours)));
            if (other != null) {
                targets.add(new Target("  the other", other.port(), tutorial, other));
            }
            System.out.println("warming up");
            for (Target target : targets) {
                measure(target, 20, false, TimeUnit.SECONDS.toNanos(3));
                measure(target, 200, true, seconds(2));
            }
            System.out.printf(
                    "%-30s %-17s %10s %12s %9s %9s %6s%n",
                    "load", "path", "messages", "CPU us/msg", "p50 ms", "p99 ms", "lost");
            for (int round = 0; round < rounds; round++) {
                for (Target target : targets) {
                    print("20 sessions x 25 chunks/s", target, measure(target, 20, false, seconds(1)));
                }
                for (Target target : targets) {
                    print("200 sessions, closed loop", target, measure(target, 200, true, seconds(1)));
                }
            }
            idleHeap(bare, "bare relay", wire);
            idleHeap(ours, "livebridge", tutorial);
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
        return Relay.start(
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
        return Relay.start(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareRelay.class.getName(),
                        "" + geminiPort,
                        arrangement.name()),
                Map.of(),
                "listening ");
    }

    private long seconds(int times) {
        return TimeUnit.SECONDS.toNanos(seconds * times);
    }

    private record Target(
            String name, int port, Speech speech, @Nullable Relay process) {}

    private record Measured(Result result, double cpuMicrosPerMessage) {}

    private Measured measure(Target target, int sessions, boolean closedLoop, long durationNanos)
            throws InterruptedException, IOException {
        try (Talkers talkers = new Talkers(vertx, target.port(), target.speech(), sessions)) {
            double before = target.process() == null ? 0 : target.process().cpuMicros();
            Result result =
                    closedLoop ? talkers.closedLoop(durationNanos) : talkers.openLoop(PERIOD_NANOS, durationNanos);
            double used = target.process() == null ? 0 : target.process().cpuMicros() - before;
            return new Measured(result, used / Math.max(1, 2 * result.roundTrips()));
        }
    }

    private static void print(String load, Target target, Measured measured) {
        Result result = measured.result();
        System.out.printf(
                "%-30s %-17s %10d %12.1f %9.3f %9.3f %6d%n",
                load,
                target.name(),
                2 * result.roundTrips(),
                measured.cpuMicrosPerMessage(),
                result.latency().getValueAtPercentile(50) / 1e6,
                result.latency().getValueAtPercentile(99) / 1e6,
                result.lost());
    }

    private void idleHeap(Relay relay, String name, Speech speech) throws InterruptedException, IOException {
        int sessions = 1_000;
        long before = relay.liveHeapBytes();
        try (Talkers idle = new Talkers(vertx, relay.port(), speech, sessions)) {
            long after = relay.liveHeapBytes();
            System.out.printf("live heap per idle session, %s: %.1f KiB%n", name, (after - before) / 1024.0 / sessions);
        }
    }

    /** A relay in a process of its own, ended by its pid. */
    private record Relay(Process process, int port) implements AutoCloseable {

        static Relay start(List<String> arguments, Map<String, String> environment, String announcement)
                throws IOException {
            List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx512m"));
            command.addAll(
                    List.of(System.getProperty("bench.jvm", "-XX:+UseSerialGC").split(" ")));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line;
            while ((line = output.readLine()) != null) {
                int at = line.indexOf(announcement);
                if (at >= 0) {
                    String port = line.substring(at + announcement.length()).replaceAll("\\D.*", "");
                    Thread.ofVirtual().start(() -> discard(output));
                    return new Relay(process, Integer.parseInt(port));
                }
                System.out.println(line);
            }
            throw new IOException("a relay did not start: " + command);
        }

        /** Reads the output of the process, which would block once the pipe is full. */
        private static void discard(BufferedReader output) {
            try {
                output.transferTo(Writer.nullWriter());
            } catch (IOException ended) {
                // The process was stopped, and its pipe closed with it.
            }
        }

        double cpuMicros() {
            return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
        }

        /** Bytes that survive a full collection. */
        long liveHeapBytes() throws IOException, InterruptedException {
            Process jcmd = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/jcmd", "" + process.pid(), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            boolean detailed = Boolean.getBoolean("bench.histogram");
            String last = "";
            int rows = 0;
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(jcmd.getInputStream(), StandardCharsets.UTF_8))) {
                String line;
                while ((line = lines.readLine()) != null) {
                    if (detailed && rows++ < 60) {
                        System.out.println(line);
                    }
                    if (line.startsWith("Total")) {
                        last = line;
                    }
                }
            }
            jcmd.waitFor();
            String[] words = last.trim().split("\\s+");
            return Long.parseLong(words[2]);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
