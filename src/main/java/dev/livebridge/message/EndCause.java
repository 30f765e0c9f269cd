package dev.livebridge.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every way a session can end. One value is at once the log field, the metric label, the error code and the close code
 * sent to the browser.
 */
public enum EndCause {
    /** The client closed its socket. */
    CLIENT_CLOSED(1000, "The client closed the connection."),
    /** The client's connection broke without a close frame. */
    CLIENT_LOST(1006, "The client's connection was lost."),
    /** No setup arrived in time. */
    SETUP_TIMEOUT(1008, "No setup message arrived in time.", "Send a setup as the first message."),
    /** The first message was not JSON, or its setup can't be honoured. */
    BAD_SETUP(1007, "The setup can't be honoured.", "Change the setup."),
    /** The client names an agent that does not exist or that it may not use, or none where one is needed. */
    AGENT_UNKNOWN(1008, "There is no such agent for this caller.", "Name another agent."),
    /** The client's values for the agent's variables are not valid. */
    AGENT_VARIABLE(1007, "A variable of the agent is not valid.", "Correct the variables."),
    /** The client replaces a part of the agent that is not open to clients. */
    AGENT_OVERRIDE(1008, "The agent does not allow this to be replaced.", "Leave it out of the setup."),
    /** A later message could not be parsed, in a dialect without an error message (Gemini's own). */
    BAD_MESSAGE(1007, "A message could not be understood.", "Correct the client."),
    /** A message was larger than the service accepts. */
    MESSAGE_TOO_BIG(1009, "The message is too big.", "Send smaller messages."),
    /** The client kept sending more frames, bytes or pings a second than the service accepts. */
    RATE_LIMIT(1008, "The client sends too fast.", "Send fewer or smaller messages a second."),
    /** No speech, text or answer for longer than the idle timeout. */
    IDLE_TIMEOUT(4000, "The conversation was idle for too long.", "Start a new conversation."),
    /** The session reached its maximum duration. */
    MAX_DURATION(4001, "The conversation reached its maximum duration.", "Start a new conversation."),
    /** The client continued the conversation over another connection; the newest wins. */
    MOVED(4002, "The conversation goes on over another connection."),
    /** The resume token is not valid. */
    RESUME_REFUSED(4003, "The conversation can't be continued with this token.", "Start a new conversation."),
    /** The caller's budget of time, tokens or money is used up. */
    BUDGET(4004, "The budget is used up.", "Try again after it is reset."),
    /** The caller has as many conversations as it may. */
    CONCURRENCY(1013, "Too many conversations are open.", "End one of them, or try again later."),
    /** The socket now serves an earlier session of this instance, which the client resumed. */
    REATTACHED(1000, "The client resumed its conversation."),
    /** The client reads more slowly than the model sends, or the service is out of memory for queues. */
    SLOW_CONSUMER(1013, "The connection is too slow for the conversation.", "Try again on a faster connection."),
    /** The client took no bytes for a time, while more than a second of speech waited for it. */
    CLIENT_STALLED(1013, "The client has stopped reading the connection.", "Connect again, and read without pauses."),
    /** The session exceeds its memory limit, apart from messages queued for the client. */
    MEMORY_LIMIT(1008, "The conversation holds more memory than it may.", "Send less text at once."),
    /** The service has reached its maximum number of sessions. */
    CAPACITY(1013, "The service is full.", "Try again in a moment."),
    /** The service is shutting down. */
    DRAIN(1012, "The service is restarting.", "Connect again."),
    /** The caller's credential has expired, and no new one came in time. */
    AUTH_EXPIRED(4005, "The credential of the conversation has expired.", "Log in again, or fetch a new token."),
    /** An access rule forbids the session. */
    POLICY(1008, "The session is not allowed."),
    /** Gemini did not accept the service's key or token. */
    UPSTREAM_CREDENTIALS(
            Side.MODEL, 1011, "The service's credentials for Gemini were refused.", "The operator must check the key."),
    /** Gemini does not know the model, or does not offer it for live conversations. */
    UPSTREAM_MODEL(
            Side.MODEL, 1011, "Gemini does not offer this model for live conversations.", "Ask for another model."),
    /** Gemini refused the setup or a message. */
    UPSTREAM_REJECTED(Side.MODEL, 1011, "Gemini refused the request.", "Start a new conversation."),
    /** Gemini is not offered where the service runs. */
    UPSTREAM_REGION(
            Side.MODEL,
            1011,
            "Gemini is not available in the service's region.",
            "The operator must run the service elsewhere."),
    /** The quota, rate limit or credit at Gemini is used up. */
    UPSTREAM_QUOTA(Side.MODEL, 1013, "The quota at Gemini is used up.", "Try again later."),
    /** Gemini could not be reached in time. */
    UPSTREAM_UNREACHABLE(Side.MODEL, 1013, "Gemini could not be reached.", "Try again in a minute."),
    /** The connection to Gemini broke during the conversation. */
    UPSTREAM_LOST(Side.MODEL, 1011, "The connection to Gemini was lost.", "Try again in a minute."),
    /** Gemini ended the conversation. */
    UPSTREAM_CLOSED(Side.MODEL, 1011, "Gemini ended the conversation.", "Start a new conversation."),
    /** A fault of this service; the log has the details. */
    INTERNAL(1011, "Internal error.", "Try again; if it happens again, tell the operator.");

    /** Retry delay for clients of a full service. */
    private static final long CAPACITY_MILLIS = 10_000;

    /** Which side a session ends because of. */
    private enum Side {
        MODEL,
        OTHER
    }

    private final Side side;
    private final int closeCode;
    private final String sentence;
    private final @Nullable String remedy;
    private final String label = name().toLowerCase(Locale.ROOT);

    EndCause(int closeCode, String sentence) {
        this(closeCode, sentence, null);
    }

    EndCause(int closeCode, String sentence, @Nullable String remedy) {
        this(Side.OTHER, closeCode, sentence, remedy);
    }

    EndCause(Side side, int closeCode, String sentence, @Nullable String remedy) {
        this.side = side;
        this.closeCode = closeCode;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    /** The metric label and error code, snake_case. */
    public String label() {
        return label;
    }

    /** The close code for the browser; 1006 stands for "no frame is sent". */
    public int closeCode() {
        return closeCode;
    }

    /** One sentence for people, when no more exact one is available. */
    public String sentence() {
        return sentence;
    }

    /** A remedy, when no more exact one is available; {@code null} when there is none. */
    public @Nullable String remedy() {
        return remedy;
    }

    /** When another attempt makes sense, {@code null} when that is not a matter of time. */
    public @Nullable Long retryAfterMillis() {
        return this == CAPACITY ? CAPACITY_MILLIS : null;
    }

    /** Whether the client is already disconnected, so that no message can reach it. */
    public boolean clientGone() {
        return this == CLIENT_CLOSED || this == CLIENT_LOST;
    }

    /** Whether the client does not take what is written, so that the messages that wait are dropped. */
    public boolean clientTooSlow() {
        return this == SLOW_CONSUMER || this == CLIENT_STALLED;
    }

    /** Whether the client's socket stays open, because another session has it. */
    public boolean leavesSocketOpen() {
        return this == REATTACHED;
    }

    /** Whether the session ended because of Gemini or the connection to it. */
    public boolean ofModel() {
        return side == Side.MODEL;
    }

    /** Whether the conversation is over for good, so that no token may continue it. */
    public boolean forGood() {
        return switch (this) {
            case CLIENT_CLOSED, IDLE_TIMEOUT, MAX_DURATION, BUDGET, POLICY -> true;
            case AGENT_UNKNOWN,
                    AGENT_VARIABLE,
                    AGENT_OVERRIDE,
                    AUTH_EXPIRED,
                    CLIENT_LOST,
                    SETUP_TIMEOUT,
                    BAD_SETUP,
                    BAD_MESSAGE,
                    MESSAGE_TOO_BIG,
                    RATE_LIMIT,
                    MOVED,
                    RESUME_REFUSED,
                    CONCURRENCY,
                    REATTACHED,
                    SLOW_CONSUMER,
                    CLIENT_STALLED,
                    MEMORY_LIMIT,
                    CAPACITY,
                    DRAIN,
                    UPSTREAM_CREDENTIALS,
                    UPSTREAM_MODEL,
                    UPSTREAM_REJECTED,
                    UPSTREAM_REGION,
                    UPSTREAM_QUOTA,
                    UPSTREAM_UNREACHABLE,
                    UPSTREAM_LOST,
                    UPSTREAM_CLOSED,
                    INTERNAL -> false;
        };
    }
}
