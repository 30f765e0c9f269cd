package dev.livebridge.session.upstream;

import dev.livebridge.message.EndCause;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection to the model ended or could not be opened, in words for people.
 *
 * @param code the WebSocket close code, or 1006 when there was none
 * @param cause the cause of the session's end, if the session can't continue
 * @param retry what a new attempt can achieve
 * @param happened what happened, a sentence for people
 * @param remedy what to do, and who has to; {@code null} when the cause's own remedy applies
 * @param words the reason that Gemini gave, free of secrets; empty without one
 */
public record UpstreamEnd(
        int code,
        EndCause cause,
        RetryClass retry,
        String happened,
        @Nullable String remedy,
        String words) {

    /** Earliest time for another attempt after a quota or rate limit. */
    private static final long LATER_MILLIS = 60_000;

    /** An end without a reason from Gemini and without a remedy of its own. */
    public UpstreamEnd(int code, EndCause cause, RetryClass retry, String happened) {
        this(code, cause, retry, happened, null, "");
    }

    /** All of it in one text. The remedy precedes Gemini's reason, because a close frame holds 123 bytes. */
    public String message() {
        return (remedy == null ? happened : happened + " " + remedy) + reason();
    }

    /** What happened, with Gemini's reason, without the remedy. */
    public String sentence() {
        return happened + reason();
    }

    /** When another attempt makes sense, {@code null} when waiting does not help. */
    public @Nullable Long retryAfterMillis() {
        return retry == RetryClass.LATER ? LATER_MILLIS : null;
    }

    private String reason() {
        return words.isEmpty() ? "" : " Reason given: " + words;
    }
}
