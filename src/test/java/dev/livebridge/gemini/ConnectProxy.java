package dev.livebridge.gemini;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP proxy on 127.0.0.1 that opens tunnels, asks for a user and a password, and records what it was asked for. All
 * tunnels lead to one port of this machine, whatever host they are asked for.
 */
final class ConnectProxy {

    static final String USER = "company";
    static final String PASSWORD = "p@ss:word+1";

    private static final String CREDENTIALS =
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final NetServer server;
    private final NetClient client;
    private volatile int refusal;
    private volatile int target;

    ConnectProxy(Vertx vertx, int target) {
        this.target = target;
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::accept);
        try {
            server.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the proxy does not start", e);
        }
    }

    int port() {
        return server.actualPort();
    }

    /** The requests so far, each with its headers. */
    List<String> requests() {
        return requests;
    }

    /** Answers every request with this status; 0 opens tunnels. */
    void refuses(int status) {
        refusal = status;
    }

    /** Where its tunnels lead. */
    void leadsTo(int port) {
        target = port;
    }

    private void accept(NetSocket from) {
        Buffer head = Buffer.buffer();
        from.handler(data -> {
            head.appendBuffer(data);
            String request = head.toString(StandardCharsets.ISO_8859_1);
            if (request.contains("\r\n\r\n")) {
                from.pause();
                requests.add(request);
                answer(from, request);
            }
        });
    }

    private void answer(NetSocket from, String request) {
        if (refusal != 0) {
            end(from, refusal);
        } else if (!request.startsWith("CONNECT ")) {
            end(from, 405);
        } else if (!request.contains("authorization: " + CREDENTIALS + "\r\n")) {
            end(from, 407);
        } else {
            client.connect(target, "127.0.0.1")
                    .onSuccess(to -> tunnel(from, to))
                    .onFailure(failed -> end(from, 502));
        }
    }

    private static void tunnel(NetSocket from, NetSocket to) {
        from.handler(to::write);
        to.handler(from::write);
        from.closeHandler(ignored -> to.close());
        to.closeHandler(ignored -> from.close());
        from.write("HTTP/1.1 200 Connection established\r\n\r\n");
        from.resume();
    }

    private static void end(NetSocket from, int status) {
        from.end(Buffer.buffer("HTTP/1.1 " + status + " Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
