package dev.livebridge.browser;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.http.GeminiRestPaths;
import dev.livebridge.json.JsonText;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Answers of the REST resources in Google's shape (gemini-live-api.md section 2.4). */
final class GoogleAnswer {

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private static final String UNREGISTERED =
            "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or"
                    + " other form of API consumer identity to call this API.";

    private GoogleAnswer() {}

    /** An answer with content. */
    static Response ok(String json) {
        return answer(Response.Status.OK.getStatusCode(), json);
    }

    /** The request can't be understood. */
    static Response badRequest(String sentence) {
        return error(BAD_REQUEST, "INVALID_ARGUMENT", sentence, null);
    }

    /** The call is not allowed. */
    static Response forbidden(String sentence) {
        return error(403, "PERMISSION_DENIED", sentence, null);
    }

    /** There is no such entity. */
    static Response notFound(String sentence) {
        return error(NOT_FOUND, "NOT_FOUND", sentence, null);
    }

    /**
     * The caller is refused. Google's words come first, because SDKs search for them.
     *
     * @param key whether the caller has shown an API key
     */
    static Response refused(AccessRefusal refusal, boolean key) {
        String sentence = " (" + refusal.sentence() + ")";
        return switch (refusal) {
            case MISSING -> error(403, "PERMISSION_DENIED", UNREGISTERED, null);
            case INVALID ->
                key
                        ? invalidKey("API key not valid. Please pass a valid API key.")
                        : unauthenticated("Request had invalid authentication credentials.");
            case EXPIRED ->
                key
                        ? invalidKey("API key expired. Please renew the API key.")
                        : unauthenticated("Request had invalid authentication credentials." + sentence);
            case AMBIGUOUS -> badRequest("Request contains an invalid argument." + sentence);
            case FORBIDDEN -> error(403, "PERMISSION_DENIED", "The caller does not have permission." + sentence, null);
            case CONCURRENCY, RATE ->
                error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)." + sentence, null);
            case BUDGET ->
                error(
                        429,
                        "RESOURCE_EXHAUSTED",
                        "You exceeded your current quota, please check your plan and billing details." + sentence,
                        null);
            case UNAVAILABLE -> error(503, "UNAVAILABLE", "The service is currently unavailable." + sentence, null);
        };
    }

    private static Response invalidKey(String message) {
        return error(BAD_REQUEST, "INVALID_ARGUMENT", message, "API_KEY_INVALID");
    }

    private static Response unauthenticated(String message) {
        return error(401, "UNAUTHENTICATED", message, "ACCESS_TOKEN_TYPE_UNSUPPORTED");
    }

    /** @param reason of the {@code ErrorInfo} detail, {@code null} without one */
    private static Response error(int code, String status, String message, @Nullable String reason) {
        JsonText error =
                JsonText.object().put("code", code).put("message", message).put("status", status);
        if (reason != null) {
            String metadata = JsonText.object()
                    .put("service", "generativelanguage.googleapis.com")
                    .end();
            String detail = JsonText.object()
                    .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                    .put("reason", reason)
                    .put("domain", "googleapis.com")
                    .putJson("metadata", metadata)
                    .end();
            error.putJson("details", "[" + detail + "]");
        }
        return answer(code, JsonText.object().putJson("error", error.end()).end());
    }

    private static Response answer(int status, String json) {
        return Response.status(status)
                .header("Content-Type", GeminiRestPaths.CONTENT_TYPE)
                .header("Cache-Control", "no-store")
                .entity(json)
                .build();
    }
}
