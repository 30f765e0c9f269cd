package dev.livebridge.resumption;

import dev.livebridge.message.TranscriptEntry;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What any instance needs to go on with a conversation. The client holds it sealed and can neither read nor change it.
 *
 * @param sessionId the conversation's id, the same for its whole life
 * @param sequence counts the tokens of a conversation upward, across instances; using one retires all lower ones
 * @param issuedAt when it was sealed; to the millisecond, like all three times
 * @param expiresAt when it stops being good
 * @param startedAt when the conversation began, so that its longest life is the same on every instance
 * @param subject who may use it, {@code null} when the service does not know its users
 * @param issuer management address of the instance that holds the conversation, {@code null} when it has told none
 * @param handle the newest of Gemini's resumption handles, {@code null} while there is none
 * @param model the model that answers, which must not change on a resume (gemini-live-api.md section 9)
 * @param setup what the client asked for in the beginning, JSON, not yet fitted to the model
 * @param transcript what was said, oldest first; its beginning may be missing
 * @param traceparent W3C trace context of the span so far, {@code null} when nothing is traced
 */
public record ResumeToken(
        String sessionId,
        long sequence,
        Instant issuedAt,
        Instant expiresAt,
        Instant startedAt,
        @Nullable String subject,
        @Nullable URI issuer,
        @Nullable String handle,
        String model,
        String setup,
        List<TranscriptEntry> transcript,
        @Nullable String traceparent) {

    public ResumeToken {
        transcript = List.copyOf(transcript);
    }

    /** The same, with another instance as the holder. */
    public ResumeToken heldBy(@Nullable URI holder) {
        return new ResumeToken(
                sessionId,
                sequence,
                issuedAt,
                expiresAt,
                startedAt,
                subject,
                holder,
                handle,
                model,
                setup,
                transcript,
                traceparent);
    }
}
