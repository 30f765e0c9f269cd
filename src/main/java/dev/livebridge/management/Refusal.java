package dev.livebridge.management;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Refusal of a request on the management port: a status without a body, then the connection is closed. */
public final class Refusal {

    private Refusal() {}

    /** Answers, then closes the connection, so that the rest of a body is not read. A second call does nothing. */
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
