package dev.livebridge.http;

import dev.livebridge.json.JsonText;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The paths of Gemini's REST API. SDKs call them at the same base URL as the WebSocket. The gateway serves the Live API
 * only and answers these calls with an error in Gemini's format (gemini-live-api.md section 2.4), because SDKs parse
 * errors as JSON.
 */
final class GeminiRestPaths {

    static final int NOT_FOUND = 404;
    static final String CONTENT_TYPE = "application/json; charset=UTF-8";

    private static final Pattern PATHS = Pattern.compile("/{1,2}v1(?:alpha|beta)?[0-9]{0,2}(?:/.*)?");

    private GeminiRestPaths() {}

    /** Whether a path is a path of the REST API, in any spelling. */
    static boolean contain(@Nullable String path) {
        return path != null && PATHS.matcher(path).matches();
    }

    /** The body of the error response. It omits the query: SDKs put API keys there. */
    static String error(HttpServerRequest request) {
        String error = JsonText.object()
                .put("code", NOT_FOUND)
                .put(
                        "message",
                        request.method() + " " + request.path()
                                + " is not served here: this service is a gateway for live conversations over WebSocket."
                                + " Call https://generativelanguage.googleapis.com for everything else.")
                .put("status", "NOT_FOUND")
                .end();
        return JsonText.object().putJson("error", error).end() + "\n";
    }
}
