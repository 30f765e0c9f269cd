package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.gemini.OutboundProxy.Proxy;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.http.UpgradeRejectedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of Gemini's close codes, as data: {@code gemini/close-codes.json} (gemini-live-api.md section 11). The
 * first matching row decides. A row can match code and reason text, because most codes have several meanings.
 */
@Singleton
public class CloseCodes {

    /** Stands for "no close frame", as in RFC 6455. */
    static final int NO_CLOSE_FRAME = 1006;

    private static final String RESOURCE = "/gemini/close-codes.json";

    private final Table table;
    private final Credentials credentials;

    /** The phase in which a connection ended. */
    @RegisterForReflection
    enum Phase {
        /** Before the service confirmed the setup; in a row, with a resumption handle or without. */
        BEFORE_SETUP_COMPLETE,
        /** Before the service confirmed a setup with a resumption handle. */
        RESUMPTION,
        /** During the conversation. */
        CONVERSATION;

        /** Whether a row for this phase also matches the other phase. */
        boolean covers(Phase other) {
            return this == other || (this == BEFORE_SETUP_COMPLETE && other == RESUMPTION);
        }
    }

    @RegisterForReflection
    record Table(String source, List<Row> rows, Meaning otherCloseCode, Meaning otherHttpStatus) {}

    /**
     * A row of the table.
     *
     * @param code close code, or HTTP status of a refused call; {@code null} fits all
     * @param reason part of the service's reason text, lower case; {@code null} fits all
     * @param phase {@code null} fits all
     * @param message what happened, a sentence for people
     * @param remedy what to do, and who
     */
    @RegisterForReflection
    record Row(
            @Nullable Integer code,
            @Nullable String reason,
            @Nullable Phase phase,
            EndCause cause,
            RetryClass retry,
            String message,
            String remedy) {

        boolean fits(int actualCode, String actualReason, Phase actualPhase) {
            return (code == null || code == actualCode)
                    && (phase == null || phase.covers(actualPhase))
                    && (reason == null || actualReason.contains(reason));
        }

        Meaning meaning() {
            return new Meaning(cause, retry, message, remedy);
        }
    }

    /** The meaning of an ending; the members are those of {@link Row}. */
    @RegisterForReflection
    record Meaning(EndCause cause, RetryClass retry, String message, String remedy) {}

    /**
     * Reads the data.
     *
     * @param credentials whose key must not appear in any message
     */
    public CloseCodes(Credentials credentials) {
        this.credentials = credentials;
        try (InputStream data = CloseCodes.class.getResourceAsStream(RESOURCE)) {
            table = new ObjectMapper().readValue(data, Table.class);
        } catch (IOException e) {
            throw new UncheckedIOException("The table of close codes " + RESOURCE + " can't be read", e);
        }
    }

    /** The rows, for documentation and tests. */
    List<Row> rows() {
        return table.rows();
    }

    /** The meaning of a close code without a row. */
    Meaning otherCloseCode() {
        return table.otherCloseCode();
    }

    /** The meaning of an HTTP status without a row. */
    Meaning otherHttpStatus() {
        return table.otherHttpStatus();
    }

    /**
     * Translates the end of a connection.
     *
     * @param code WebSocket close code
     * @param reason the service's reason text, possibly truncated
     */
    UpstreamEnd translate(int code, @Nullable String reason, Phase phase) {
        String words = reason == null ? "" : reason;
        return end(code, meaning(code, words, phase, table.otherCloseCode()), words);
    }

    /**
     * Translates an upgrade request that was answered with an HTTP status.
     *
     * @param body the response body; the message of Google's error object is taken, HTML pages are ignored
     */
    UpstreamEnd translateHttp(int status, @Nullable String body) {
        String words = GoogleError.messageIn(body);
        Meaning meaning = meaning(status, words, Phase.BEFORE_SETUP_COMPLETE, table.otherHttpStatus());
        return end(NO_CLOSE_FRAME, meaning, words.isEmpty() ? "HTTP status " + status : words);
    }

    /**
     * Translates a connection attempt that failed.
     *
     * @param proxy on the way, {@code null} when there is none
     */
    UpstreamEnd translate(Throwable failure, @Nullable Proxy proxy) {
        ConnectFailure why = proxy == null ? ConnectFailure.of(failure) : ConnectFailure.of(failure, proxy);
        return switch (why) {
            case ConnectFailure.Refused(UpgradeRejectedException answer) ->
                translateHttp(
                        answer.getStatus(),
                        answer.getBody() == null ? null : answer.getBody().toString());
            case ConnectFailure.Unreachable(String message, String remedy, RetryClass retry, String words) ->
                end(NO_CLOSE_FRAME, new Meaning(EndCause.UPSTREAM_UNREACHABLE, retry, message, remedy), words);
        };
    }

    private Meaning meaning(int code, String words, Phase phase, Meaning other) {
        String lower = words.toLowerCase(Locale.ROOT);
        return table.rows().stream()
                .filter(row -> row.fits(code, lower, phase))
                .findFirst()
                .map(Row::meaning)
                .orElse(other);
    }

    private UpstreamEnd end(int code, Meaning meaning, String words) {
        return new UpstreamEnd(
                code,
                meaning.cause(),
                meaning.retry(),
                meaning.message(),
                meaning.remedy(),
                Secrets.scrub(words, credentials.known()));
    }
}
