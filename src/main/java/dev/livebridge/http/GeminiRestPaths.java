package dev.livebridge.http;

import dev.livebridge.json.JsonText;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The paths of Gemini's REST API. SDKs call them at the same base URL as the WebSocket. The gateway serves ephemeral
 * tokens and models, and answers all other calls with an error in Gemini's format (gemini-live-api.md section 2.4),
 * because SDKs parse errors as JSON.
 */
public final class GeminiRestPaths {

    /** Bytes of a body; a locked setup that is larger fits into no token. */
    static final int MAX_BODY = 32 * 1024;

    static final int NOT_FOUND = 404;

    /** Of all answers, errors included. */
    public static final String CONTENT_TYPE = "application/json; charset=UTF-8";

    private static final Pattern PATHS = Pattern.compile("/{1,2}v1(?:alpha|beta)?[0-9]{0,2}(?:/.*)?");

    private static final Pattern AUTH_TOKENS = Pattern.compile("/v1(?:alpha|beta)?/auth_tokens");

    private static final Pattern MODELS =
            Pattern.compile("/v1(?:alpha|beta)?/models(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,127})?");

    private GeminiRestPaths() {}

    /** Whether this service answers a request itself. */
    public static boolean serve(HttpServerRequest request) {
        boolean get = request.method().equals(HttpMethod.GET);
        return (isPost(request) && matches(AUTH_TOKENS, request.path())) || (get && matches(MODELS, request.path()));
    }

    /** Whether a request has a body that is read. */
    static boolean takeBody(HttpServerRequest request) {
        return isPost(request) && serve(request);
    }

    private static boolean isPost(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST);
    }

    private static boolean matches(Pattern paths, @Nullable String path) {
        return path != null && paths.matcher(path).matches();
    }

    /** Whether a path is a path of the REST API, in any spelling. */
    static boolean contain(@Nullable String path) {
        return matches(PATHS, path);
    }

    /** The body of the error response. It omits the query: SDKs put API keys there. */
    public static String error(HttpServerRequest request) {
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
