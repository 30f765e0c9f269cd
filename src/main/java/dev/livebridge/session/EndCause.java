package dev.livebridge.session;

import java.util.Locale;

/**
 * Every way a session can end. One value is at once the log field, the metric label, the error code and the close code
 * sent to the browser.
 */
public enum EndCause {
    /** The client closed its socket. */
    CLIENT_CLOSED(1000, "The client hung up."),
    /** The client's connection broke without a close frame. */
    CLIENT_LOST(1006, "The client's connection was lost."),
    /** No setup arrived in time. */
    SETUP_TIMEOUT(1008, "No setup message arrived in time."),
    /** The first message was not JSON, or its setup can't be honoured. */
    BAD_SETUP(1007, "The setup can't be honoured."),
    /** A later message could not be understood, in a dialect that has no words for that (Gemini's own). */
    BAD_MESSAGE(1007, "A message could not be understood."),
    /** A message was larger than the service accepts. */
    MESSAGE_TOO_BIG(1009, "The message is too big."),
    /** Nobody spoke, typed or answered for too long. */
    IDLE_TIMEOUT(4000, "The conversation was idle for too long."),
    /** The session reached its maximum duration. */
    MAX_DURATION(4001, "The conversation reached its maximum duration."),
    /** The client reads slower than the model speaks, or the service is out of queue memory. */
    SLOW_CONSUMER(1013, "The connection is too slow for the conversation."),
    /** The service holds as many sessions as it may. */
    CAPACITY(1013, "The service is full."),
    /** The service is shutting down. */
    DRAIN(1012, "The service is restarting."),
    /** An access rule forbids the session. */
    POLICY(1008, "The session is not allowed."),
    /** Gemini did not accept the service's key or token. */
    UPSTREAM_CREDENTIALS(1011, "The service's credentials for Gemini were refused."),
    /** Gemini does not know the model, or not for live talk. */
    UPSTREAM_MODEL(1011, "Gemini does not offer this model for live conversations."),
    /** Gemini refused the setup or a message. */
    UPSTREAM_REJECTED(1011, "Gemini refused the request."),
    /** Gemini is not offered where the service runs. */
    UPSTREAM_REGION(1011, "Gemini is not available in the service's region."),
    /** The quota, rate limit or credit at Gemini is used up. */
    UPSTREAM_QUOTA(1013, "The quota at Gemini is used up."),
    /** Gemini could not be reached in time. */
    UPSTREAM_UNREACHABLE(1013, "Gemini could not be reached."),
    /** The connection to Gemini broke during the conversation. */
    UPSTREAM_LOST(1011, "The connection to Gemini was lost."),
    /** Gemini ended the conversation. */
    UPSTREAM_CLOSED(1011, "Gemini ended the conversation."),
    /** A fault of this service; the log has the details. */
    INTERNAL(1011, "The service made a mistake.");

    private final int closeCode;
    private final String sentence;
    private final String label = name().toLowerCase(Locale.ROOT);

    EndCause(int closeCode, String sentence) {
        this.closeCode = closeCode;
        this.sentence = sentence;
    }

    /** The metric label and error code, snake_case. */
    public String label() {
        return label;
    }

    /** The close code for the browser; 1006 stands for "no frame is sent". */
    public int closeCode() {
        return closeCode;
    }

    /** One sentence for people, when nothing more exact is known. */
    public String sentence() {
        return sentence;
    }

    /** Whether the client is gone already, so that nothing more can be told to it. */
    public boolean clientGone() {
        return this == CLIENT_CLOSED || this == CLIENT_LOST;
    }
}
