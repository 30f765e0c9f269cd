package dev.livebridge.browser;

import dev.livebridge.access.AccessRefusal;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.HandshakeRequest;

/**
 * Close frames of refusals on Gemini's paths, with the codes and reasons of Gemini, which Google's SDKs evaluate
 * (gemini-live-api.md section 11).
 */
final class GeminiRefusal {

    private static final int INVALID_ARGUMENT = 1007;
    private static final int PERMISSION_DENIED = 1008;
    private static final int UNAVAILABLE = 1011;

    private GeminiRefusal() {}

    /**
     * The close frame.
     *
     * @param request of the caller; Gemini refuses tokens and keys with different codes
     */
    static CloseReason of(AccessRefusal refusal, HandshakeRequest request) {
        boolean token = hasToken(request);
        return switch (refusal) {
            case MISSING ->
                reason(
                        PERMISSION_DENIED,
                        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key"
                                + " or other form of API consumer identity to call this API.");
            case INVALID ->
                token
                        ? reason(UNAVAILABLE, "Request had invalid authentication credentials.")
                        : reason(INVALID_ARGUMENT, "API key not valid. Please pass a valid API key.");
            case EXPIRED ->
                token
                        ? reason(UNAVAILABLE, isEphemeral(request) ? "auth token has expired" : "Token has expired")
                        : reason(INVALID_ARGUMENT, "API key expired. Please renew the API key.");
            case AMBIGUOUS ->
                reason(INVALID_ARGUMENT, "Request contains an invalid argument. (" + refusal.sentence() + ")");
            case FORBIDDEN ->
                reason(PERMISSION_DENIED, "The caller does not have permission. (" + refusal.sentence() + ")");
            case CONCURRENCY, RATE ->
                reason(UNAVAILABLE, "Resource has been exhausted (e.g. check quota). (" + refusal.sentence() + ")");
            case BUDGET ->
                reason(
                        UNAVAILABLE,
                        "You exceeded your current quota, please check your plan and billing details. ("
                                + refusal.sentence() + ")");
            case UNAVAILABLE -> reason(UNAVAILABLE, "The service is currently unavailable.");
        };
    }

    private static boolean isEphemeral(HandshakeRequest request) {
        return request.path().endsWith("Constrained");
    }

    private static boolean hasToken(HandshakeRequest request) {
        String key = request.header("x-goog-api-key");
        return request.header("Authorization") != null
                || request.header("Sec-WebSocket-Protocol") != null
                || (key != null && key.startsWith("auth_tokens/"))
                || (request.query() != null && request.query().contains("access_token="));
    }

    private static CloseReason reason(int code, String text) {
        return new CloseReason(code, CloseReasonText.fit(text));
    }
}
