package dev.livebridge.simulator;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The credential of a request (gemini-live-api.md section 2.2). Any key is accepted, except one that contains
 * {@code bad}, {@code invalid} or {@code expired}.
 *
 * @param secret key or token; null when none was shown
 */
record Credential(@Nullable String secret) {

    private static final Pattern AUTHORIZATION =
            Pattern.compile("(?:Bearer|Token)\\s+(\\S+)", Pattern.CASE_INSENSITIVE);
    private static final String TOKEN_PREFIX = "auth_tokens/";

    /** The service's verdict on a credential. */
    enum Verdict {
        ACCEPTED,
        MISSING,
        NOT_VALID,
        EXPIRED
    }

    static Credential of(HttpServerRequest request) {
        String authorization = request.getHeader("authorization");
        if (authorization != null) {
            Matcher matcher = AUTHORIZATION.matcher(authorization.strip());
            if (matcher.matches()) {
                return new Credential(matcher.group(1));
            }
        }
        String token = request.getParam("access_token");
        if (token != null) {
            return new Credential(token);
        }
        String header = request.getHeader("x-goog-api-key");
        return new Credential(header != null ? header : request.getParam("key"));
    }

    boolean isToken() {
        return secret != null && secret.startsWith(TOKEN_PREFIX);
    }

    /** Keys have two formats; REST refuses them differently. */
    boolean isNewerKey() {
        return secret != null && secret.startsWith("AQ.");
    }

    Verdict verdict() {
        if (secret == null || secret.isBlank()) {
            return Verdict.MISSING;
        }
        String text = secret.toLowerCase(Locale.ROOT);
        if (text.contains("expired")) {
            return Verdict.EXPIRED;
        }
        return text.contains("bad") || text.contains("invalid") ? Verdict.NOT_VALID : Verdict.ACCEPTED;
    }

    /**
     * The upgrade has already succeeded when the service looks at a key: it answers with a close frame.
     *
     * @throws RefusedException when the credential is missing, refused, or a token where a key belongs
     */
    void check(LivePath path) {
        switch (verdict()) {
            case ACCEPTED -> {
                if (isToken() && !path.constrained()) {
                    throw unregistered();
                }
            }
            case MISSING -> throw unregistered();
            case NOT_VALID -> throw RefusedException.invalid("API key not valid. Please pass a valid API key.");
            case EXPIRED -> throw RefusedException.invalid("API key expired. Please renew the API key.");
        }
    }

    private static RefusedException unregistered() {
        return new RefusedException(
                1008,
                "Method doesn't allow unregistered callers (callers without established identity). Please use API Key"
                        + " or other form of API consumer identity to call this API.");
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "Credential[" + verdict() + "]";
    }
}
