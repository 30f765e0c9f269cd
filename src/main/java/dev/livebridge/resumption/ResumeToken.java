package dev.livebridge.resumption;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state that any instance needs to resume a session. The client holds it sealed and can neither read nor change it.
 *
 * @param purpose of the token; it is refused for others
 * @param sessionId the session's id, the same on all instances
 * @param sequence number of the token in its session, ascending, across instances; using one invalidates all lower ones
 * @param issuedAt time of sealing; in milliseconds, like all three times
 * @param expiresAt time from which it is refused
 * @param startedAt the session's start, so that its maximum duration is the same on every instance
 * @param subject who may use it, {@code null} when the service does not know its users
 * @param origin the page that may use it ({@code scheme://host:port}), {@code none} for clients that are no page,
 *     {@code null} for anybody
 * @param issuer management address of the instance that holds the conversation, {@code null} if it has no configured
 *     address
 * @param handle Gemini's newest resumption handle; {@code null} if there is none
 * @param model the model that answers, which must not change on a resume (gemini-live-api.md section 9)
 * @param setup the client's setup before it was fitted to the model, with the agent of the conversation
 * @param transcript of the session, oldest entry first; its beginning may be missing
 * @param traceparent W3C trace context of the session's span; {@code null} without tracing
 * @param spent what the conversation has used so far
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
        ClientMessage.Setup setup,
        List<TranscriptEntry> transcript,
        @Nullable String traceparent,
        UsageTotals spent) {

    public ResumeToken {
        transcript = List.copyOf(transcript);
    }

    /** The purpose of a token. */
    public enum Purpose {
        /** A client resumes its session. */
        RESUME("resume"),
        /** An instance requests a session from another; the issuer is the requesting instance. */
        REQUEST("request"),
        /** The response to a request; the issuer holds the session or has just released it. */
        STATE("state");

        private final String label;

        Purpose(String label) {
            this.label = label;
        }

        /** Its name in a token. */
        public String label() {
            return label;
        }
    }

    /** Which conversation and which of its tokens, without its memory, for another purpose and time. */
    public ResumeToken without(Purpose other, @Nullable URI speaker, Instant from, Instant until) {
        return new ResumeToken(
                other,
                sessionId,
                sequence,
                from,
                until,
                startedAt,
                subject,
                origin,
                speaker,
                null,
                model,
                new ClientMessage.Setup("{}"),
                List.of(),
                null,
                UsageTotals.NONE);
    }
}
