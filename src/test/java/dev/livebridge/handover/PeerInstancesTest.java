package dev.livebridge.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.session.token.HandoverPeers.Handover;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses of other instances are limited in size and time. */
@QuarkusTest
class PeerInstancesTest {

    @Inject
    HandoverPeers peers;

    @Inject
    Vertx vertx;

    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable HttpServer server;

    private URI answering(Consumer<HttpServerRequest> answer) {
        HttpServer started = vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    request.bodyHandler(body -> answer.accept(request));
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        server = started;
        return URI.create("http://127.0.0.1:" + started.actualPort());
    }

    @AfterEach
    void stop() {
        HttpServer running = server;
        if (running != null) {
            running.close().toCompletionStage().toCompletableFuture().join();
            server = null;
        }
    }

    private Handover ask(URI holder) {
        long begun = System.nanoTime();
        Handover answer = peers.ask(holder, "request");
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took::toString);
        return answer;
    }

    @Test
    void aStateOfTheLargestSizeIsTaken() {
        String state = "A".repeat(TokenSealer.MAX_TOKEN_CHARACTERS);

        assertEquals(
                new Handover.Released(state),
                ask(answering(request -> request.response().end(state))));
    }

    @Test
    void aLargerAnswerCountsAsNone() {
        String tooLarge = "A".repeat(TokenSealer.MAX_TOKEN_CHARACTERS + 1);

        assertEquals(
                new Handover.Unknown(),
                ask(answering(request -> request.response().end(tooLarge))));
    }

    @Test
    void anEndlessAnswerIsNotReadToItsEnd() {
        AtomicLong written = new AtomicLong();
        Buffer block = Buffer.buffer("A".repeat(64 * 1024));

        Handover answer = ask(answering(request -> {
            HttpServerResponse response = request.response().setChunked(true);
            response.exceptionHandler(gone -> {});
            pour(response, block, written);
        }));

        assertEquals(new Handover.Unknown(), answer);
        assertTrue(written.get() < 64_000_000, written + " bytes were taken");
    }

    private void pour(HttpServerResponse response, Buffer block, AtomicLong written) {
        if (!response.closed() && written.get() < 64_000_000) {
            response.write(block).onSuccess(done -> {
                written.addAndGet(block.length());
                pour(response, block, written);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "head", "part"})
    void anAnswerThatDoesNotComeIsNotWaitedFor(String how) {
        Handover answer = ask(answering(request -> {
            switch (how) {
                case "head" -> request.response().setChunked(true).write("");
                case "part" -> request.response().setChunked(true).write("AQJr");
                default -> {}
            }
        }));

        assertEquals(new Handover.Unknown(), answer);
    }

    /** The address comes from a sealed token; redirects are not followed. */
    @Test
    void aRedirectIsNotFollowed() {
        AtomicInteger followed = new AtomicInteger();
        HttpServer elsewhere = vertx.createHttpServer()
                .requestHandler(request -> {
                    followed.incrementAndGet();
                    request.response().end("state");
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        try {
            Handover answer = ask(answering(request -> request.response()
                    .setStatusCode(307)
                    .putHeader("Location", "http://127.0.0.1:" + elsewhere.actualPort() + "/")
                    .end()));

            assertEquals(new Handover.Unknown(), answer);
            assertEquals(0, followed.get());
        } finally {
            elsewhere.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aBusyInstanceIsAskedAgain() {
        Handover answer = ask(answering(request -> {
            if (asked.get() == 1) {
                request.response()
                        .setStatusCode(503)
                        .putHeader("Retry-After", "1")
                        .end();
            } else {
                request.response().end("state");
            }
        }));

        assertEquals(new Handover.Released("state"), answer);
        assertEquals(2, asked.get());
    }

    @Test
    void oneThatStaysBusyCountsAsSilent() {
        assertEquals(
                new Handover.Unknown(),
                ask(answering(request -> request.response().setStatusCode(503).end())));
        assertTrue(asked.get() <= 4, asked + " times");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 421, 500})
    void otherRefusalsCountAsSilence(int status) {
        assertEquals(
                new Handover.Unknown(),
                ask(answering(
                        request -> request.response().setStatusCode(status).end("words"))));
        assertEquals(1, asked.get());
    }

    @Test
    void aUsedTokenIsRefused() {
        assertEquals(
                new Handover.Refused(),
                ask(answering(request -> request.response().setStatusCode(409).end())));
    }

    @Test
    void whereNobodyListensNobodyAnswers() {
        URI gone = answering(request -> request.response().end());
        stop();

        assertEquals(new Handover.Unknown(), ask(gone));
    }
}
