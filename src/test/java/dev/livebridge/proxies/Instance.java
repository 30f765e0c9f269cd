package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged service as one process on ports of its own, which it keeps over restarts. */
final class Instance implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);

    /** The last line of a class histogram: instances and bytes. */
    private static final Pattern HEAP_TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)\\s*");

    private final String name;
    private final Path directory;
    private final List<String> properties;
    private final Map<String, String> environment;
    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private Program program;

    private Instance(String name, Path directory, List<String> properties, Map<String, String> environment) {
        this.name = name;
        this.directory = directory;
        this.properties = properties;
        this.environment = new HashMap<>(environment);
        this.environment.put("LIVEBRIDGE_INSTANCE_ADDRESS", "http://127.0.0.1:" + managementPort);
        this.program = start();
    }

    /** An instance with the built-in simulator, on a port that others can use, too. */
    static Instance simulator(String name, Path directory, int simulatorPort, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("-Dlivebridge.simulator.port=" + simulatorPort);
        return new Instance(name, directory, all, Map.of("LIVEBRIDGE_UPSTREAM_BACKEND", "simulator"));
    }

    /** An instance that uses another instance's simulator. */
    static Instance gateway(
            String name, Path directory, int simulatorPort, String resumptionKey, String... properties) {
        return new Instance(
                name,
                directory,
                List.of(properties),
                Map.of(
                        "LIVEBRIDGE_UPSTREAM_BACKEND",
                        "gemini",
                        "LIVEBRIDGE_GEMINI_BASE_URI",
                        "http://127.0.0.1:" + simulatorPort,
                        "GEMINI_API_KEY",
                        "any",
                        "LIVEBRIDGE_RESUMPTION_KEYS",
                        resumptionKey));
    }

    /** Whether the package is a native executable. */
    static boolean isNative() {
        return Files.isExecutable(executable());
    }

    private static Path executable() {
        return Path.of(System.getProperty("native.image.path"));
    }

    private Program start() {
        List<String> command = new ArrayList<>();
        boolean isNative = isNative();
        command.add(isNative ? executable().toString() : System.getProperty("java.home") + "/bin/java");
        if (!isNative) {
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        }
        command.addAll(List.of(
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + managementPort,
                "-Dlivebridge.access.mode=open",
                "-Dlivebridge.browser.clients-without-origin=loopback",
                "-Dquarkus.log.console.json.enabled=false"));
        command.addAll(properties);
        if (!isNative) {
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        }
        return Program.start(directory.resolve(name + ".log"), environment, command);
    }

    int port() {
        return port;
    }

    int managementPort() {
        return managementPort;
    }

    Instance awaitReady() {
        await().atMost(START_PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                // The port is not open yet; only a process that has ended never becomes ready.
                .ignoreExceptionsMatching(thrown -> !(thrown instanceof AssertionError))
                .until(() -> {
                    if (!program.isAlive()) {
                        throw new AssertionError(name + " ended: " + program.output());
                    }
                    return RestAssured.get("http://127.0.0.1:" + managementPort + "/q/health/ready")
                                    .statusCode()
                            == 200;
                });
        return this;
    }

    /** Sends SIGTERM, waits for the end of the process, and starts it again. */
    void restart() throws InterruptedException {
        stop();
        program = start();
        awaitReady();
    }

    /** Sends SIGTERM and waits for the end of the process. */
    void stop() throws InterruptedException {
        program.terminate(Duration.ofSeconds(90));
    }

    /** SIGKILL. */
    void crash() throws InterruptedException {
        program.kill();
    }

    /** The sum of all samples of a metric whose labels contain this text. */
    double metric(String name, String labels) {
        return RestAssured.get("http://127.0.0.1:" + managementPort + "/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    int sessions() {
        return (int) metric("livebridge_sessions_active", "");
    }

    /** Used heap after a full garbage collection. */
    long liveHeapBytes() throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd",
                        String.valueOf(program.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String printed = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        histogram.waitFor();
        return printed.lines()
                .map(HEAP_TOTAL::matcher)
                .filter(Matcher::matches)
                .mapToLong(total -> Long.parseLong(total.group(1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(printed));
    }

    String output() {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }
}
