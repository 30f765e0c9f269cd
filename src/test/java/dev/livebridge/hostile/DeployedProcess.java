package dev.livebridge.hostile;

import static org.awaitility.Awaitility.await;

import dev.livebridge.proxies.Ports;
import dev.livebridge.proxies.Program;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged service in production mode, with the memory of the deployment. */
final class DeployedProcess implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);

    /** As in the image ({@code src/main/docker/train.sh}), with the heap that half of 512 MiB comes to. */
    private static final List<String> MEMORY =
            List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:MaxDirectMemorySize=96m", "-XX:+ExitOnOutOfMemoryError");

    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private final Program program;

    private DeployedProcess(Path directory, Map<String, String> environment) {
        Path executable = Path.of(System.getProperty("native.image.path"));
        boolean isNative = Files.isExecutable(executable);
        List<String> command = new ArrayList<>();
        command.add(isNative ? executable.toString() : System.getProperty("java.home") + "/bin/java");
        if (isNative) {
            command.add("-XX:MaxHeapSize=256m");
        } else {
            command.addAll(MEMORY);
        }
        command.addAll(List.of(
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + managementPort,
                // Clients that are cut off do not come back here; their sessions need not wait for them.
                "-Dlivebridge.session.resume-grace=1s"));
        if (!isNative) {
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        }
        program = Program.start(directory.resolve("deployed.log"), environment, command);
    }

    /** A running service that talks with the simulator. */
    static DeployedProcess start(Path directory) {
        return start(directory, Map.of("LIVEBRIDGE_UPSTREAM_BACKEND", "simulator", "LIVEBRIDGE_ACCESS_MODE", "open"));
    }

    /** A running service. */
    static DeployedProcess start(Path directory, Map<String, String> environment) {
        DeployedProcess started = new DeployedProcess(directory, environment);
        await().atMost(START_PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsMatching(thrown -> !(thrown instanceof AssertionError))
                .until(() -> {
                    if (!started.isAlive()) {
                        throw new AssertionError("it ended: " + started.output());
                    }
                    return RestAssured.get(started.managementAddress() + "/q/health/ready")
                                    .statusCode()
                            == 200;
                });
        return started;
    }

    boolean isAlive() {
        return program.isAlive();
    }

    String output() {
        return program.output();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    URI managementAddress() {
        return URI.create("http://127.0.0.1:" + managementPort);
    }

    /** Sessions, and sockets that have not sent their setup. */
    int activeSessions() {
        return sum("livebridge_sessions_active");
    }

    /** Sessions that have ended by a cause. */
    int endedSessions(String cause) {
        return sum("livebridge_sessions_ended_total{cause=\"" + cause + "\"");
    }

    private int sum(String series) {
        return metricsPage()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Size of the page that Prometheus reads. */
    int metricsBytes() {
        return metricsPage().length();
    }

    private String metricsPage() {
        return RestAssured.get(managementAddress() + "/q/metrics").asString();
    }

    /** Resident memory now, in KiB. */
    long residentKib() {
        return status("VmRSS:");
    }

    /** Peak resident memory, in KiB. */
    long peakResidentKib() {
        return status("VmHWM:");
    }

    private long status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
