package dev.livebridge.session.token;

import dev.livebridge.message.GatewayMessage;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.resumption.ResumeToken.Purpose;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.telemetry.ConversationTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The tokens with which the client of one conversation can come back to it. Safe to use from any thread. */
public final class ClientTokens {

    private final String sessionId;
    private final ResumeTokens tokens;
    private final ConversationMemory memory;
    private final ConversationTrace trace;
    private final String origin;
    private final TokenSchedule schedule;
    private volatile boolean clientHasToken;
    private volatile Instant startedAt;

    /**
     * The client has none yet.
     *
     * @param memory what they hold
     * @param origin the page that may use them
     */
    public ClientTokens(
            String sessionId, ResumeTokens tokens, ConversationMemory memory, ConversationTrace trace, String origin) {
        this.sessionId = sessionId;
        this.tokens = tokens;
        this.memory = memory;
        this.trace = trace;
        this.origin = origin;
        this.schedule = new TokenSchedule(tokens.lifetime());
        this.startedAt = tokens.now();
    }

    /** Which of them are due, and which retired. */
    public TokenSchedule schedule() {
        return schedule;
    }

    /** Whether the client holds one. */
    public boolean clientHasToken() {
        return clientHasToken;
    }

    /** What another instance needs to go on; nothing when there is no conversation to speak of. */
    public Optional<String> sealState(long nowNanos) {
        return seal(Purpose.STATE, nowNanos);
    }

    private Optional<String> seal(Purpose purpose, long nowNanos) {
        ConversationMemory.Snapshot snapshot = memory.snapshot();
        return snapshot == null
                ? Optional.empty()
                : tokens.seal(
                        purpose, sessionId, schedule.next(nowNanos), startedAt, origin, snapshot, trace.traceparent());
    }

    /** The next token for the client, if it is time for one. */
    public Optional<GatewayMessage.ResumeOffer> offer(long nowNanos) {
        if (!schedule.due(nowNanos)) {
            return Optional.empty();
        }
        return seal(Purpose.RESUME, nowNanos).map(token -> {
            clientHasToken = true;
            return new GatewayMessage.ResumeOffer(token, tokens.lifetime().toMillis());
        });
    }

    /** A token with which the client shall go on elsewhere. */
    public Optional<GatewayMessage.Migrate> migration(long nowNanos) {
        return seal(Purpose.RESUME, nowNanos)
                .map(token ->
                        new GatewayMessage.Migrate(token, tokens.lifetime().toMillis()));
    }

    /**
     * The client came back with a token of this conversation.
     *
     * @return whether it is still good
     */
    public boolean use(long sequence) {
        if (!schedule.use(sequence)) {
            return false;
        }
        clientHasToken = true;
        return true;
    }

    /**
     * The conversation goes on from a token that another session issued.
     *
     * @return how long ago it began
     */
    public Duration onResume(ResumeToken token) {
        clientHasToken = true;
        startedAt = token.startedAt();
        schedule.onResume(token.sequence());
        return Duration.between(startedAt, tokens.now());
    }
}
