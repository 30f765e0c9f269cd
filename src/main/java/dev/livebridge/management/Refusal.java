package dev.livebridge.management;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** How the management port refuses a request: a status, no words, and the end of the connection. */
public final class Refusal {

    private Refusal() {}

    /**
     * Answers, then closes the connection, so that a body that is still coming is not read. A second call does nothing.
     */
    public static void answer(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end()
                .onComplete(answered -> request.connection().close());
    }
}
