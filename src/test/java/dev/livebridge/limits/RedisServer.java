package dev.livebridge.limits;

import dev.livebridge.proxies.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real {@code redis-server} of Debian's package, on a port of loopback, that keeps nothing on disk. Where it is
 * missing the test is skipped and says so, or fails with {@code -Dredis.required=true}.
 */
public final class RedisServer implements AutoCloseable {

    private final Path program;
    private final int port;
    private volatile Process process;

    private RedisServer(Path program, int port) {
        this.program = program;
        this.port = port;
        this.process = run();
    }

    /** Starts one; the test is skipped when there is no program. */
    public static RedisServer start() {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            String missing = "LIMITS ACROSS INSTANCES ARE NOT TESTED: no redis-server on the PATH";
            if (Boolean.getBoolean("redis.required")) {
                Assertions.fail(missing);
            }
            System.err.println("[WARNING] " + missing);
            Assumptions.abort(missing);
        }
        return new RedisServer(program.orElseThrow(), Ports.free());
    }

    private Process run() {
        try {
            Process started = new ProcessBuilder(List.of(
                            program.toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no",
                            "--daemonize",
                            "no"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return started;
        } catch (IOException notStarted) {
            throw new UncheckedIOException(notStarted);
        }
    }

    /** As in {@code quarkus.redis.hosts}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Leases in all buckets, by the program that comes with the server. */
    public long leases() {
        String script = "local n = 0 for _, k in ipairs(redis.call('KEYS', '*:leases')) do"
                + " n = n + redis.call('ZCARD', k) end return n";
        try {
            Process asked = new ProcessBuilder(
                            program.resolveSibling("redis-cli").toString(),
                            "-p",
                            Integer.toString(port),
                            "--raw",
                            "EVAL",
                            script,
                            "0")
                    .redirectErrorStream(true)
                    .start();
            return Long.parseLong(new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException notAsked) {
            throw new UncheckedIOException(notAsked);
        }
    }

    /** The process ends at once, as by {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis-server does not end");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another process on the same port, which knows nothing. */
    public void restart() {
        process = run();
    }

    @Override
    public void close() {
        kill();
    }
}
