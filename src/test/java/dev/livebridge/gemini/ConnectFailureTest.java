package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.gemini.OutboundProxy.Proxy;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a failed call is translated to, made up and with the real client of the wire. */
class ConnectFailureTest {

    private static final String KEY = "hidden-key-of-a-test";
    private static final CloseCodes CODES = new CloseCodes(Settings.credentials(Map.of("GEMINI_API_KEY", KEY)));

    private static Vertx vertx;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    static Stream<Arguments> failuresOnTheWayThroughAProxy() {
        return Stream.of(
                arguments(
                        new ConnectException("Connection refused"),
                        RetryClass.RESUME,
                        "The proxy proxy.example:3128 refused the connection: nothing listens there. Try again"),
                arguments(
                        new UnknownHostException("proxy.example"),
                        RetryClass.RESUME,
                        "The host name of the proxy proxy.example:3128 can't be resolved. Try again"),
                arguments(
                        new ConnectTimeoutException("timed out"),
                        RetryClass.RESUME,
                        "Connection to the proxy proxy.example:3128 timed out. Try again"),
                arguments(
                        new NoRouteToHostException(),
                        RetryClass.RESUME,
                        "Connection to the proxy proxy.example:3128 failed: No route to host. Try again"),
                arguments(
                        new ProxyConnectException("http, basic, x => y, status: 407 Proxy Authentication Required"),
                        RetryClass.NEVER,
                        "The proxy proxy.example:3128 refused the user and password, or asks for them. The operator"),
                arguments(
                        new ProxyConnectException("http, none, x => y, status: 403 Forbidden"),
                        RetryClass.NEVER,
                        "The proxy proxy.example:3128 refused to connect to Gemini. The operator"),
                arguments(
                        new ProxyConnectException("http, none, x => y, status: 504 Late"),
                        RetryClass.RESUME,
                        "The proxy proxy.example:3128 could not reach Gemini. Try again"),
                arguments(
                        new ProxyConnectException("http, none, x => y, disconnected"),
                        RetryClass.RESUME,
                        "The proxy proxy.example:3128 did not open a tunnel to Gemini. Try again"),
                arguments(
                        new SSLHandshakeException("PKIX path building failed"),
                        RetryClass.NEVER,
                        "No trusted TLS connection to Gemini. The operator"),
                arguments(new IllegalStateException("odd"), RetryClass.RESUME, "The connection to Gemini failed."));
    }

    @ParameterizedTest
    @MethodSource("failuresOnTheWayThroughAProxy")
    void ofAProxyNamesIt(Throwable failure, RetryClass retry, String words) {
        Proxy proxy = new Proxy("proxy.example", 3128, "ann", "hidden-password");

        UpstreamEnd end = CODES.translate(new CompletionException(failure), proxy);

        assertEquals(EndCause.UPSTREAM_UNREACHABLE, end.cause());
        assertEquals(retry, end.retry());
        assertTrue(end.message().startsWith(words), end.message());
        assertFalse(end.message().contains("ann") || end.message().contains("hidden"), end.message());
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new UnknownHostException("no.example"), RetryClass.RESUME, "can't be resolved"),
                arguments(new ConnectException("Connection refused"), RetryClass.RESUME, "was refused"),
                arguments(
                        new ConnectTimeoutException("timed out"), RetryClass.RESUME, "Connection to Gemini timed out."),
                arguments(
                        new SocketTimeoutException("timed out"), RetryClass.RESUME, "Connection to Gemini timed out."),
                arguments(new TimeoutException(), RetryClass.RESUME, "Connection to Gemini timed out."),
                arguments(
                        new NoRouteToHostException(),
                        RetryClass.RESUME,
                        "Connection to Gemini failed: No route to host."),
                arguments(new SSLHandshakeException("PKIX path building failed"), RetryClass.NEVER, "PKIX path"),
                arguments(new IllegalStateException("odd"), RetryClass.RESUME, "Reason given: odd"),
                arguments(new IllegalStateException(), RetryClass.RESUME, "Reason given: IllegalStateException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isUnreachable(Throwable failure, RetryClass retry, String words) {
        for (Throwable wrapped : new Throwable[] {
            failure, new CompletionException(failure), new ExecutionException(new IOException("outer", failure))
        }) {
            UpstreamEnd end = CODES.translate(wrapped, null);

            assertEquals(EndCause.UPSTREAM_UNREACHABLE, end.cause());
            assertEquals(1006, end.code());
            assertEquals(retry, end.retry());
            assertTrue(end.message().contains(words), end.message());
        }
    }

    @Test
    void anAnswerIsJudgedByItsStatusAndItsWords() {
        UpgradeRejectedException answer = new UpgradeRejectedException(
                "refused",
                400,
                MultiMap.caseInsensitiveMultiMap(),
                Buffer.buffer("{\"error\":{\"message\":\"User location is not supported for the API use.\"}}"));

        assertEquals(
                EndCause.UPSTREAM_REGION,
                CODES.translate(new CompletionException(answer), null).cause());
    }

    @Test
    void theKeyIsTakenOut() {
        UpstreamEnd end = CODES.translate(new IOException("while sending x-goog-api-key " + KEY), null);

        assertFalse(end.message().contains(KEY), end.message());
    }

    @Test
    void connectionRefused() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }

        assertTrue(call("127.0.0.1", port, false).message().startsWith("The connection to Gemini was refused."));
    }

    @Test
    void theNameIsUnknown() {
        assertTrue(
                call("gemini.invalid", 80, false).message().startsWith("The host name of Gemini can't be resolved."));
    }

    @Test
    void theUpgradeIsNeverAnswered() throws Exception {
        NetServer silent =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));

        UpstreamEnd end = call("127.0.0.1", silent.actualPort(), false);

        assertTrue(
                end.message().startsWith("Connected to Gemini, but the WebSocket handshake did not complete."),
                end.message());
        assertEquals(EndCause.UPSTREAM_UNREACHABLE, end.cause());
    }

    @Test
    void theConnectionBreaksDuringTheHandshake() throws Exception {
        NetServer rude = await(
                vertx.createNetServer().connectHandler(socket -> socket.close()).listen(0, "127.0.0.1"));

        UpstreamEnd end = call("127.0.0.1", rude.actualPort(), false);

        assertTrue(
                end.message().startsWith("Connected to Gemini, but the WebSocket handshake did not complete."),
                end.message());
        assertEquals(EndCause.UPSTREAM_UNREACHABLE, end.cause());
    }

    @Test
    void thereIsNoTls() throws Exception {
        NetServer plain = await(vertx.createNetServer()
                .connectHandler(socket -> socket.write("this is no TLS\r\n"))
                .listen(0, "127.0.0.1"));

        UpstreamEnd end = call("127.0.0.1", plain.actualPort(), true);

        assertTrue(end.message().startsWith("No trusted TLS connection to Gemini."), end.message());
        assertEquals(RetryClass.NEVER, end.retry());
    }

    @Test
    void theUpgradeIsRefused() throws Exception {
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(
                        request -> request.response().setStatusCode(429).end("{\"error\":{\"message\":\"quota\"}}"))
                .listen(0, "127.0.0.1"));

        UpstreamEnd end = call("127.0.0.1", server.actualPort(), false);

        assertEquals(EndCause.UPSTREAM_QUOTA, end.cause());
        assertTrue(end.message().endsWith(" Reason given: quota"), end.message());
    }

    /** Calls as the connector does, and translates what it gets. */
    private static UpstreamEnd call(String host, int port, boolean tls) {
        WebSocketClient client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setConnectTimeout(2000).setSsl(tls));
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(host)
                .setPort(port)
                .setURI("/ws")
                .setTimeout(2000);
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> client.connect(options)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS));
        return CODES.translate(failed, null);
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
