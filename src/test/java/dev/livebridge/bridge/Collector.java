package dev.livebridge.bridge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A collector of spans: accepts OTLP requests over gRPC or plain HTTP and stores them unparsed. */
final class Collector {

    private static final String GRPC = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static final String HTTP = "/v1/traces";

    /** A message of gRPC that is empty: not compressed, no bytes. */
    private static final Buffer EMPTY_MESSAGE = Buffer.buffer(new byte[5]);

    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    private Collector(Vertx vertx) {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(this::take)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    static Collector start(Vertx vertx) {
        return new Collector(vertx);
    }

    private void take(HttpServerRequest request) {
        request.bodyHandler(body -> {
            HttpServerResponse response = request.response();
            switch (request.path()) {
                case GRPC -> {
                    bodies.add(body.toString(ISO_8859_1));
                    response.putHeader("content-type", "application/grpc+proto").setChunked(true);
                    response.write(EMPTY_MESSAGE);
                    response.putTrailer("grpc-status", "0").end();
                }
                case HTTP -> {
                    bodies.add(body.toString(ISO_8859_1));
                    response.putHeader("content-type", "application/x-protobuf").end();
                }
                default -> response.setStatusCode(404).end();
            }
        });
    }

    int port() {
        return server.actualPort();
    }

    /** All received bytes as text; names and values are readable in it. */
    String received() {
        return String.join("\n", bodies);
    }
}
