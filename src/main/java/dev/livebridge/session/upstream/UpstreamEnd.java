package dev.livebridge.session.upstream;

import dev.livebridge.message.EndCause;
import org.jspecify.annotations.Nullable;

/**
 * Why an upstream connection ended or never came to be, already translated for people.
 *
 * @param code the WebSocket close code, or 1006 when there was none
 * @param cause what the session's ending will be called if nothing can be saved
 * @param retry what a new attempt could achieve
 * @param happened what happened, a sentence for people
 * @param remedy what to do, and who; {@code null} when nothing more exact is known than what the cause says
 * @param words the service's own, free of secrets; empty when it had none
 */
public record UpstreamEnd(
        int code,
        EndCause cause,
        RetryClass retry,
        String happened,
        @Nullable String remedy,
        String words) {

    /** A quota or rate limit is looked at again no earlier than this. */
    private static final long LATER_MILLIS = 60_000;

    /** An end about which the service itself said nothing. */
    public UpstreamEnd(int code, EndCause cause, RetryClass retry, String happened) {
        this(code, cause, retry, happened, null, "");
    }

    /** Everything in one text. The remedy precedes the service's words: a close frame holds 123 bytes only. */
    public String message() {
        return (remedy == null ? happened : happened + " " + remedy) + reason();
    }

    /** What happened, with the service's own words, for where the remedy stands beside it. */
    public String sentence() {
        return happened + reason();
    }

    /** When another attempt makes sense, {@code null} when that is not a matter of time. */
    public @Nullable Long retryAfterMillis() {
        return retry == RetryClass.LATER ? LATER_MILLIS : null;
    }

    private String reason() {
        return words.isEmpty() ? "" : " Reason given: " + words;
    }
}
