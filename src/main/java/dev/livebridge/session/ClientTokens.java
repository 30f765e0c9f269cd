package dev.livebridge.session;

import dev.livebridge.message.GatewayMessage;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.telemetry.ConversationTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The tokens with which the client of one conversation can come back to it. Safe to use from any thread. */
final class ClientTokens {

    private final String sessionId;
    private final ResumeTokens tokens;
    private final ConversationMemory memory;
    private final ConversationTrace trace;
    private final TokenSchedule schedule;
    private volatile boolean held;
    private volatile Instant begun;

    /**
     * The client has none yet.
     *
     * @param memory what they hold
     */
    ClientTokens(String sessionId, ResumeTokens tokens, ConversationMemory memory, ConversationTrace trace) {
        this.sessionId = sessionId;
        this.tokens = tokens;
        this.memory = memory;
        this.trace = trace;
        this.schedule = new TokenSchedule(tokens.lifetime());
        this.begun = tokens.now();
    }

    /** Which of them are due, and which retired. */
    TokenSchedule schedule() {
        return schedule;
    }

    /** Whether the client holds one. */
    boolean held() {
        return held;
    }

    /** A token that knows all of the conversation; nothing when there is no conversation to speak of. */
    Optional<String> seal(long nowNanos) {
        ConversationMemory.Snapshot snapshot = memory.snapshot();
        return snapshot == null
                ? Optional.empty()
                : tokens.seal(sessionId, schedule.next(nowNanos), begun, snapshot, trace.traceparent());
    }

    /** The next token for the client, if it is time for one. */
    Optional<GatewayMessage.ResumeOffer> offer(long nowNanos) {
        if (!schedule.due(nowNanos)) {
            return Optional.empty();
        }
        return seal(nowNanos).map(token -> {
            held = true;
            return new GatewayMessage.ResumeOffer(token, tokens.lifetime().toMillis());
        });
    }

    /** A token with which the client shall go on elsewhere. */
    Optional<GatewayMessage.Migrate> migration(long nowNanos) {
        return seal(nowNanos)
                .map(token ->
                        new GatewayMessage.Migrate(token, tokens.lifetime().toMillis()));
    }

    /**
     * The client came back with a token of this conversation.
     *
     * @return whether it is still good
     */
    boolean use(long sequence) {
        if (!schedule.use(sequence)) {
            return false;
        }
        held = true;
        return true;
    }

    /**
     * The conversation goes on from a token that another session issued.
     *
     * @return how long ago it began
     */
    Duration continueAfter(ResumeToken token) {
        held = true;
        begun = token.startedAt();
        schedule.continueAfter(token.sequence());
        return Duration.between(begun, tokens.now());
    }
}
