package dev.livebridge.proxies;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import dev.livebridge.AwaitilityDefaults;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A real proxy in front of some instances, configured as docs/proxies.md asks for. */
final class Proxy implements AutoCloseable {

    private final Program program;
    private final int port;
    private final Predicate<Instance> routesTo;

    enum Kind {
        HAPROXY("haproxy"),
        NGINX("nginx");

        private final String executable;

        Kind(String executable) {
            this.executable = executable;
        }

        /** Skips the test where the program is missing, unless it is required. */
        String find() {
            Optional<Path> found = List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin").stream()
                    .map(directory -> Path.of(directory, executable))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (Boolean.getBoolean("proxies.required")) {
                Assertions.assertTrue(found.isPresent(), executable + " is not installed");
            }
            Assumptions.assumeTrue(found.isPresent(), executable + " is not installed");
            return found.orElseThrow().toString();
        }
    }

    private Proxy(Program program, int port, Predicate<Instance> routesTo) {
        this.program = program;
        this.port = port;
        this.routesTo = routesTo;
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .ignoreExceptions()
                .until(() -> {
                    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                        return socket.isConnected();
                    }
                });
    }

    /**
     * Starts one.
     *
     * @param idle how long a connection may be silent before the proxy cuts it
     */
    static Proxy start(Kind kind, Path directory, List<Instance> instances, Duration idle) throws IOException {
        return switch (kind) {
            case HAPROXY -> haproxy(directory, instances, idle);
            case NGINX -> nginx(directory, instances, idle, true);
        };
    }

    /** The health check on the readiness address corresponds to the endpoints of a cluster. */
    private static Proxy haproxy(Path directory, List<Instance> instances, Duration idle) throws IOException {
        int port = Ports.free();
        int statisticsPort = Ports.free();
        String servers = instances.stream()
                .map(instance -> "  server i%d 127.0.0.1:%d check port %d"
                        .formatted(instance.port(), instance.port(), instance.managementPort()))
                .collect(joining("\n"));
        Path configuration = Files.writeString(
                directory.resolve("haproxy.cfg"), """
                        defaults
                          mode http
                          timeout connect 2s
                          timeout client 30s
                          timeout server 30s
                          timeout tunnel %dms
                          option redispatch 1
                          retries 3
                          retry-on conn-failure empty-response 503
                        frontend clients
                          bind 127.0.0.1:%d
                          default_backend livebridge
                        frontend statistics
                          bind 127.0.0.1:%d
                          stats enable
                          stats uri /
                        backend livebridge
                          balance leastconn
                          option httpchk GET /q/health/ready
                          http-check expect status 200
                          default-server inter 500ms fall 1 rise 1
                        %s
                        """.formatted(idle.toMillis(), port, statisticsPort, servers));
        Path log = directory.resolve("haproxy.log");
        return new Proxy(
                Program.start(log, Map.of(), List.of(Kind.HAPROXY.find(), "-db", "-f", configuration.toString())),
                port,
                instance -> isUp(statisticsPort, instance));
    }

    /**
     * No health checks here: who leaves answers new upgrades with 503, and the next one is asked.
     *
     * @param upgrades whether the headers that a WebSocket needs are passed on
     */
    static Proxy nginx(Path directory, List<Instance> instances, Duration idle, boolean upgrades) throws IOException {
        int port = Ports.free();
        String servers = instances.stream()
                .map(instance -> "    server 127.0.0.1:%d max_fails=0;".formatted(instance.port()))
                .collect(joining("\n"));
        String headers = upgrades
                ? "proxy_set_header Upgrade $http_upgrade;\n      proxy_set_header Connection $connection_upgrade;"
                : "";
        Path configuration = Files.writeString(
                directory.resolve("nginx.conf"), """
                        daemon off;
                        worker_processes 1;
                        worker_shutdown_timeout 2s;
                        pid %1$s/nginx.pid;
                        error_log %1$s/nginx-error.log;
                        events { worker_connections 4096; }
                        http {
                          access_log %1$s/nginx-access.log;
                          client_body_temp_path %1$s/body;
                          proxy_temp_path %1$s/proxy;
                          fastcgi_temp_path %1$s/fastcgi;
                          uwsgi_temp_path %1$s/uwsgi;
                          scgi_temp_path %1$s/scgi;
                          map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                          upstream livebridge {
                            least_conn;
                        %2$s
                          }
                          server {
                            listen 127.0.0.1:%3$d;
                            location / {
                              proxy_pass http://livebridge;
                              proxy_http_version 1.1;
                              %4$s
                              proxy_set_header Host $http_host;
                              proxy_read_timeout %5$dms;
                              proxy_send_timeout %5$dms;
                              proxy_connect_timeout 2s;
                              proxy_next_upstream error timeout http_503;
                            }
                          }
                        }
                        """.formatted(directory, servers, port, headers, idle.toMillis()));
        return new Proxy(
                Program.start(
                        directory.resolve("nginx.log"),
                        Map.of(),
                        List.of(Kind.NGINX.find(), "-p", directory.toString(), "-c", configuration.toString())),
                port,
                anyInstance -> true);
    }

    private static boolean isUp(int statisticsPort, Instance instance) {
        return RestAssured.given()
                .urlEncodingEnabled(false)
                .get("http://127.0.0.1:" + statisticsPort + "/;csv")
                .asString()
                .lines()
                .anyMatch(row -> row.startsWith("livebridge,i" + instance.port() + ",") && row.contains(",UP,"));
    }

    /** Waits until new connections may go to an instance; a rollout in a cluster waits for that, too. */
    void awaitRoutingTo(Instance instance) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> routesTo.test(instance));
    }

    String url() {
        return "ws://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** nginx: new workers take over; the old ones close the remaining connections after their shutdown timeout. */
    void reload() throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-HUP", String.valueOf(program.pid()))
                .inheritIO()
                .start()
                .waitFor();
        Assertions.assertEquals(0, code);
    }

    @Override
    public void close() {
        program.close();
    }
}
