package dev.livebridge.proxies;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.livebridge.AwaitilityDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The log formats of {@code docs/proxies.md} in real proxies, compared with the default formats. */
class ProxyLogsTest {

    private static final String QUERY = "key=lb_canary-key&access_token=auth_tokens/canary-token";
    private static final String TICKET = "livebridge.ticket.canary-ticket";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private HttpServer service;

    @BeforeEach
    void startTheService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        service.start();
    }

    @AfterEach
    void stopTheService() {
        service.stop(0);
    }

    @ParameterizedTest
    @EnumSource
    void theLogsHaveNoQuery(Proxy.Kind kind) throws IOException {
        String logs = logs(kind, block(kind));

        assertTrue(logs.contains("/live"), logs);
        assertTrue(logs.contains("/lost"), logs);
        assertEquals(
                List.of(), logs.lines().filter(line -> line.contains("canary")).toList());
    }

    /** Without the formats of the page the check above would fail. */
    @ParameterizedTest
    @EnumSource
    void theDefaultFormatsHaveTheQuery(Proxy.Kind kind) throws IOException {
        String defaults = switch (kind) {
            case HAPROXY -> "option httplog";
            case NGINX -> "access_log /var/log/nginx/access.log;\nerror_log /var/log/nginx/error.log;";
        };

        String logs = logs(kind, defaults);

        assertTrue(logs.contains("canary-key") && logs.contains("canary-token"), logs);
        assertTrue(!logs.contains("canary-ticket"), logs);
    }

    @Test
    void thePageHasABlockForEachProxy() throws IOException {
        for (Proxy.Kind kind : Proxy.Kind.values()) {
            assertTrue(block(kind).contains("log"), kind::name);
        }
    }

    private static String block(Proxy.Kind kind) throws IOException {
        String language = switch (kind) {
            case HAPROXY -> "haproxy";
            case NGINX -> "nginx";
        };
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(Path.of("docs/proxies.md")));
        assertTrue(block.find(), language);
        return block.group(1);
    }

    /** The logs after a refused upgrade, an upgrade without an instance, and a malformed request. */
    private String logs(Proxy.Kind kind, String block) throws IOException {
        int port = Ports.free();
        Path output = directory.resolve("output");
        List<String> command = switch (kind) {
            case HAPROXY -> haproxy(kind, block, port);
            case NGINX -> nginx(kind, block, port);
        };
        try (Program program = Program.start(output, Map.of(), command)) {
            await().atMost(TIMEOUT)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .ignoreExceptions()
                    .until(() -> {
                        assertTrue(program.isAlive(), program::output);
                        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                            return socket.isConnected();
                        }
                    });
            assertEquals("401", status(port, "/live", "Sec-WebSocket-Protocol: " + TICKET));
            assertTrue(List.of("502", "503").contains(status(port, "/lost", "Sec-WebSocket-Protocol: " + TICKET)));
            assertEquals("400", status(port, "/live", "malformed header " + TICKET));
            await().atMost(TIMEOUT)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> content().contains("/lost") && content().contains(" 400 "));
        }
        return content();
    }

    /** Everything that the proxy has written. */
    private String content() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path log : Stream.of("output", "access.log", "error.log")
                .map(directory::resolve)
                .filter(Files::exists)
                .toList()) {
            all.append(Files.readString(log)).append('\n');
        }
        return all.toString();
    }

    private static String status(int port, String path, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream()
                    .write(("GET " + path + "?" + QUERY + " HTTP/1.1\r\nHost: talk.example.com\r\n"
                                    + "Connection: close\r\n" + header + "\r\n\r\n")
                            .getBytes(US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), US_ASCII).split(" ", 3)[1];
        }
    }

    private List<String> haproxy(Proxy.Kind kind, String block, int port) throws IOException {
        Path configuration = Files.writeString(directory.resolve("haproxy.cfg"), """
                        defaults
                          mode http
                          timeout connect 1s
                          timeout client 10s
                          timeout server 10s
                          retries 0
                        frontend clients
                          bind 127.0.0.1:%d
                          log stdout format raw local0 debug
                          %s
                          use_backend lost if { path /lost }
                          default_backend livebridge
                        backend livebridge
                          server i1 127.0.0.1:%d
                        backend lost
                          server i2 127.0.0.1:%d
                        """.formatted(
                        port, block, service.getAddress().getPort(), Ports.free()));
        return List.of(kind.find(), "-db", "-f", configuration.toString());
    }

    private List<String> nginx(Proxy.Kind kind, String block, int port) throws IOException {
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                        daemon off;
                        worker_processes 1;
                        pid %1$s/nginx.pid;
                        error_log %1$s/error.log emerg;
                        events { worker_connections 64; }
                        http {
                          %2$s
                          client_body_temp_path %1$s/body;
                          proxy_temp_path %1$s/proxy;
                          fastcgi_temp_path %1$s/fastcgi;
                          uwsgi_temp_path %1$s/uwsgi;
                          scgi_temp_path %1$s/scgi;
                          server {
                            listen 127.0.0.1:%3$d;
                            location / { proxy_pass http://127.0.0.1:%4$d; }
                            location /lost { proxy_pass http://127.0.0.1:%5$d; }
                          }
                        }
                        """.formatted(
                        directory,
                        block.replace("/var/log/nginx", directory.toString()),
                        port,
                        service.getAddress().getPort(),
                        Ports.free()));
        return List.of(
                kind.find(),
                "-p",
                directory.toString(),
                "-e",
                directory.resolve("error.log").toString(),
                "-c",
                configuration.toString());
    }
}
