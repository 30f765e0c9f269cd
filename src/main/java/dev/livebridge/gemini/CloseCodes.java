package dev.livebridge.gemini;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.session.EndCause;
import dev.livebridge.session.RetryClass;
import dev.livebridge.session.UpstreamEnd;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.http.UpgradeRejectedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini's endings mean, as data: {@code gemini/close-codes.json} (gemini-live-api.md section 11). The first row
 * that fits wins; code and text are both looked at, because most codes mean several things.
 */
@Singleton
public class CloseCodes {

    private static final String RESOURCE = "/gemini/close-codes.json";

    private final Table table;
    private final Credentials credentials;

    /** When a connection ended. */
    @RegisterForReflection
    enum Phase {
        /** Before the service confirmed the setup. */
        BEFORE_SETUP_COMPLETE,
        /** During the conversation. */
        CONVERSATION
    }

    @RegisterForReflection
    record Table(
            String source,
            List<Row> rows,
            @JsonProperty("default") Meaning defaultMeaning) {}

    /**
     * A row of the table.
     *
     * @param code close code, or HTTP status of a refused upgrade
     * @param reason part of the service's words, lower case; {@code null} fits all
     * @param phase {@code null} fits both
     */
    @RegisterForReflection
    record Row(
            int code,
            @Nullable String reason,
            @Nullable Phase phase,
            EndCause cause,
            RetryClass retry,
            String message) {

        boolean fits(int actualCode, String actualReason, Phase actualPhase) {
            return code == actualCode
                    && (phase == null || phase == actualPhase)
                    && (reason == null || actualReason.contains(reason));
        }
    }

    @RegisterForReflection
    record Meaning(EndCause cause, RetryClass retry, String message) {}

    /**
     * Reads the data.
     *
     * @param credentials whose key must not appear in any message
     */
    public CloseCodes(Credentials credentials) {
        this.credentials = credentials;
        try (InputStream data = CloseCodes.class.getResourceAsStream(RESOURCE)) {
            table = new ObjectMapper().readValue(data, Table.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The table of close codes " + RESOURCE + " can't be read", unreadable);
        }
    }

    /** The rows, for documentation and tests. */
    List<Row> rows() {
        return table.rows();
    }

    /**
     * Translates the end of a connection.
     *
     * @param code WebSocket close code, or HTTP status of a refused upgrade
     * @param reason the service's own words, possibly cut short
     */
    UpstreamEnd translate(int code, @Nullable String reason, Phase phase) {
        String words = reason == null ? "" : reason;
        String lower = words.toLowerCase(Locale.ROOT);
        return table.rows().stream()
                .filter(row -> row.fits(code, lower, phase))
                .findFirst()
                .map(row -> new UpstreamEnd(code, row.cause(), row.retry(), withWords(row.message(), words)))
                .orElseGet(() -> {
                    Meaning meaning = table.defaultMeaning();
                    return new UpstreamEnd(code, meaning.cause(), meaning.retry(), withWords(meaning.message(), words));
                });
    }

    /** Translates a connection attempt that failed. */
    UpstreamEnd translate(Throwable failure) {
        return switch (rootOf(failure)) {
            case UpgradeRejectedException refused
            when refused.getStatus() >= 400 && refused.getStatus() < 500 -> {
                String body = refused.getBody() == null ? "" : refused.getBody().toString();
                yield translate(refused.getStatus(), body, Phase.BEFORE_SETUP_COMPLETE);
            }
            case UpgradeRejectedException refused ->
                unreachable("Gemini answered the call with HTTP status " + refused.getStatus() + ".");
            case UnknownHostException unknown -> unreachable("The host name of Gemini can't be resolved.");
            case TimeoutException late -> unreachable("Gemini did not pick up in time.");
            case SSLException tls -> unreachable("No trusted TLS connection to Gemini: " + words(tls) + ".");
            case ConnectException refused -> unreachable("The connection to Gemini was refused.");
            case Throwable other -> unreachable("The connection to Gemini failed: " + words(other) + ".");
        };
    }

    private String words(Throwable failure) {
        String message = failure.getMessage();
        return scrub(message == null ? failure.getClass().getSimpleName() : message);
    }

    private static UpstreamEnd unreachable(String message) {
        return new UpstreamEnd(
                1006,
                EndCause.UPSTREAM_UNREACHABLE,
                RetryClass.RESUME,
                message + " Try again in a minute; if it stays so, the operator must check livebridge.gemini.base-uri"
                        + " and the network.");
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private String withWords(String message, String words) {
        return words.isBlank() ? message : message + " Gemini said: " + scrub(words);
    }

    private String scrub(String words) {
        return Secrets.scrub(words, credentials.apiKey().orElse(""));
    }
}
