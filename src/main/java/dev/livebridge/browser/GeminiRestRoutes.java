package dev.livebridge.browser;

import dev.livebridge.json.JsonText;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Answers calls of Gemini's REST API, which SDKs send to the same base URL as their sockets, in Gemini's own error form
 * (gemini-live-api.md section 2.4). The gateway serves live conversations only.
 */
@Singleton
class GeminiRestRoutes {

    private static final String PATHS = "/{1,2}v1(?:alpha|beta)?[0-9]{0,2}(?:/.*)?";
    private static final int NOT_FOUND = 404;

    void register(@Observes Router router) {
        router.routeWithRegex(PATHS).handler(GeminiRestRoutes::refuse);
    }

    /** The query is not repeated: SDKs put keys there. */
    private static void refuse(RoutingContext call) {
        HttpServerRequest request = call.request();
        String error = JsonText.object()
                .put("code", NOT_FOUND)
                .put(
                        "message",
                        request.method() + " " + request.path()
                                + " is not served here: this service is a gateway for live conversations over WebSocket."
                                + " Call https://generativelanguage.googleapis.com for everything else.")
                .put("status", "NOT_FOUND")
                .end();
        call.response()
                .setStatusCode(NOT_FOUND)
                .putHeader("Content-Type", "application/json; charset=UTF-8")
                .end(JsonText.object().putJson("error", error).end() + "\n");
    }
}
