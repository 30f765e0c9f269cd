package dev.livebridge.resumption;

import dev.livebridge.message.TranscriptEntry;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What any instance needs to go on with a conversation. The client holds it sealed and can neither read nor change it.
 *
 * @param purpose what it is good for
 * @param sessionId the conversation's id, the same for its whole life
 * @param sequence counts the tokens of a conversation upward, across instances; using one retires all lower ones
 * @param issuedAt when it was sealed; to the millisecond, like all three times
 * @param expiresAt when it stops being good
 * @param startedAt when the conversation began, so that its longest life is the same on every instance
 * @param subject who may use it, {@code null} when the service does not know its users
 * @param origin the page that may use it ({@code scheme://host:port}), {@code none} for clients that are no page,
 *     {@code null} for anybody
 * @param issuer management address of the instance that holds the conversation, {@code null} when it has told none
 * @param handle the newest of Gemini's resumption handles, {@code null} while there is none
 * @param model the model that answers, which must not change on a resume (gemini-live-api.md section 9)
 * @param setup what the client asked for in the beginning, JSON, not yet fitted to the model
 * @param transcript what was said, oldest first; its beginning may be missing
 * @param traceparent W3C trace context of the span so far, {@code null} when nothing is traced
 */
public record ResumeToken(
        Purpose purpose,
        String sessionId,
        long sequence,
        Instant issuedAt,
        Instant expiresAt,
        Instant startedAt,
        @Nullable String subject,
        @Nullable String origin,
        @Nullable URI issuer,
        @Nullable String handle,
        String model,
        String setup,
        List<TranscriptEntry> transcript,
        @Nullable String traceparent) {

    public ResumeToken {
        transcript = List.copyOf(transcript);
    }

    /** What a sealed token is good for; for anything else it is refused. */
    public enum Purpose {
        /** A client comes back with it. */
        RESUME("resume"),
        /** An instance asks another for a conversation; the issuer is the one that asks. */
        REQUEST("request"),
        /** An instance answers: the issuer holds the conversation, or let go of it just now. */
        STATE("state");

        private final String label;

        Purpose(String label) {
            this.label = label;
        }

        /** How it is written in a token. */
        public String label() {
            return label;
        }
    }

    /** Which conversation and which of its tokens, without its memory, for another purpose and time. */
    public ResumeToken without(Purpose other, @Nullable URI speaker, Instant from, Instant until) {
        return new ResumeToken(
                other, sessionId, sequence, from, until, startedAt, subject, origin, speaker, null, model, "{}",
                List.of(), null);
    }
}
