package dev.livebridge.session.token;

import dev.livebridge.message.GatewayMessage;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.resumption.ResumeToken.Purpose;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.telemetry.ConversationTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The resume tokens of one session. Safe to use from any thread. */
public final class ClientTokens {

    private final String sessionId;
    private final ResumeTokens tokens;
    private final ConversationMemory memory;
    private final ConversationTrace trace;
    private final TokenOwner owner;
    private final ConversationBudget budget;
    private final TokenSchedule schedule;
    private volatile boolean clientHasToken;
    private volatile Instant startedAt;

    /**
     * No token was issued.
     *
     * @param memory is sealed into the tokens
     * @param owner who may use the tokens
     * @param budget whose sums they carry
     */
    public ClientTokens(
            String sessionId,
            ResumeTokens tokens,
            ConversationMemory memory,
            ConversationTrace trace,
            TokenOwner owner,
            ConversationBudget budget) {
        this.sessionId = sessionId;
        this.tokens = tokens;
        this.memory = memory;
        this.trace = trace;
        this.owner = owner;
        this.budget = budget;
        this.schedule = new TokenSchedule(tokens.lifetime());
        this.startedAt = tokens.now();
    }

    /** Which tokens are due, and which are retired. */
    public TokenSchedule schedule() {
        return schedule;
    }

    /** Whether the client has a token. */
    public boolean clientHasToken() {
        return clientHasToken;
    }

    /** Seals what another instance needs to continue; nothing before a conversation has begun. */
    public Optional<String> sealState(long nowNanos) {
        return seal(Purpose.STATE, nowNanos);
    }

    private Optional<String> seal(Purpose purpose, long nowNanos) {
        ConversationMemory.Snapshot snapshot = memory.snapshot();
        return snapshot == null
                ? Optional.empty()
                : tokens.seal(
                        purpose,
                        sessionId,
                        schedule.next(nowNanos),
                        startedAt,
                        owner,
                        snapshot,
                        trace.traceparent(),
                        budget.spent(nowNanos));
    }

    /** The next token for the client, if one is due. */
    public Optional<GatewayMessage.ResumeOffer> offer(long nowNanos) {
        if (!schedule.due(nowNanos)) {
            return Optional.empty();
        }
        return seal(Purpose.RESUME, nowNanos).map(token -> {
            clientHasToken = true;
            return new GatewayMessage.ResumeOffer(token, tokens.lifetime().toMillis());
        });
    }

    /** A token with which the client resumes on another instance. */
    public Optional<GatewayMessage.Migrate> migration(long nowNanos) {
        return seal(Purpose.RESUME, nowNanos)
                .map(token ->
                        new GatewayMessage.Migrate(token, tokens.lifetime().toMillis()));
    }

    /**
     * The client resumes with a token of this session.
     *
     * @return whether the token is valid
     */
    public boolean use(long sequence) {
        if (!schedule.use(sequence)) {
            return false;
        }
        clientHasToken = true;
        return true;
    }

    /**
     * The session continues from a token that another session issued.
     *
     * @return how long ago the conversation began
     */
    public Duration onResume(ResumeToken token) {
        clientHasToken = true;
        startedAt = token.startedAt();
        schedule.onResume(token.sequence());
        return Duration.between(startedAt, tokens.now());
    }
}
