package dev.livebridge.session.upstream;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import java.time.Duration;
import java.util.Set;

/**
 * Decides how a session continues after a connection to the model (gemini-live-api.md sections 9 and 11).
 *
 * <p>A handle that Gemini refuses (1007, 1008), or that leads to an internal error (1011) twice in a row, is not tried
 * again: a new Gemini session gets the transcript instead. After a message that Gemini refuses without naming it the
 * session resumes once. An error that no further attempt can change ends the session. Used by the upstream writer only.
 */
public final class Recovery {

    /** Causes that a resumption handle has no part in. */
    private static final Set<EndCause> NOT_HANDLE_RELATED = Set.of(
            EndCause.UPSTREAM_CREDENTIALS, EndCause.UPSTREAM_MODEL, EndCause.UPSTREAM_REGION, EndCause.UPSTREAM_QUOTA);

    /** Causes that another model may not have. */
    private static final Set<EndCause> OF_THE_MODEL = Set.of(EndCause.UPSTREAM_MODEL, EndCause.UPSTREAM_QUOTA);

    /** The end when no attempt is left and Gemini sent {@code goAway} right after each connection opened. */
    private static final UpstreamEnd CLOSED_AFTER_OPENING = new UpstreamEnd(
            1006,
            EndCause.UPSTREAM_CLOSED,
            RetryClass.RESUME,
            "Gemini announces the end of each connection right after it opens.");

    private final ConversationMemory memory;
    private final RetryBackoff backoff;
    private int internalErrors;
    private boolean resumedOnce;

    /** The decision. */
    public sealed interface Step {

        /** Nothing: the session has ended. */
        record Stop() implements Step {}

        /** End the session. */
        record GiveUp(UpstreamEnd end) implements Step {}

        /**
         * Open another connection.
         *
         * @param continuation how
         * @param attempt counts from 1 after a loss; zero for a planned rotation
         * @param delay before the attempt
         */
        record Reconnect(Continuation continuation, int attempt, Duration delay) implements Step {}
    }

    public Recovery(ConversationMemory memory, RetryBackoff backoff) {
        this.memory = memory;
        this.backoff = backoff;
    }

    /**
     * The next step.
     *
     * @param end how the last connection ended
     * @param tried the continuation of that connection
     */
    public Step after(ConnectionEnd end, Continuation tried) {
        return switch (end) {
            case ConnectionEnd.SessionEnded() -> new Step.Stop();
            case ConnectionEnd.PlannedRotation(RotationTrigger trigger, boolean settled) -> {
                if (trigger == RotationTrigger.POISONED) {
                    memory.forgetHandle();
                }
                yield settled
                        ? new Step.Reconnect(memory.continuation(), 0, Duration.ZERO)
                        : retry(CLOSED_AFTER_OPENING);
            }
            case ConnectionEnd.ConnectionLost loss -> after(loss, tried);
        };
    }

    private Step after(ConnectionEnd.ConnectionLost loss, Continuation tried) {
        UpstreamEnd end = loss.end();
        if (tried instanceof Continuation.New && !loss.confirmed()) {
            // No conversation has begun. An agent may have another model; else the session ends at once, with the
            // cause.
            return OF_THE_MODEL.contains(end.cause()) && memory.takeNextModel()
                    ? new Step.Reconnect(tried, 0, Duration.ZERO)
                    : new Step.GiveUp(end);
        }
        if (loss.stable()) {
            backoff.reset();
        }
        if (loss.conversationSeen()) {
            internalErrors = 0;
        }
        internalErrors = end.code() == 1011 ? internalErrors + 1 : 0;
        boolean handleTried = tried instanceof Continuation.Resumed;
        if (handleTried && memory.onlyHandleKnown() && (handleToBlame(loss) || end.retry() == RetryClass.FRESH)) {
            // Without the handle the client would get a new conversation instead of the one it asked for.
            return new Step.GiveUp(end);
        }
        if (handleTried && handleToBlame(loss)) {
            memory.forgetHandle();
            internalErrors = 0;
            return retry(end);
        }
        return switch (end.retry()) {
            case NEVER, LATER -> new Step.GiveUp(end);
            case FRESH -> {
                memory.forgetHandle();
                // If no handle was used and nothing was received, another attempt would be the same.
                yield handleTried || loss.conversationSeen() ? retry(end) : new Step.GiveUp(end);
            }
            case RESUME -> retry(end);
            case ONCE -> {
                boolean resumable = !resumedOnce && memory.continuation() instanceof Continuation.Resumed;
                resumedOnce = true;
                yield resumable ? retry(end) : new Step.GiveUp(end);
            }
        };
    }

    private boolean handleToBlame(ConnectionEnd.ConnectionLost loss) {
        if (loss.conversationSeen() || NOT_HANDLE_RELATED.contains(loss.end().cause())) {
            return false;
        }
        int code = loss.end().code();
        return code == 1007 || code == 1008 || (code == 1011 && internalErrors >= 2);
    }

    private Step retry(UpstreamEnd end) {
        Duration wait = backoff.next();
        if (wait == null) {
            return new Step.GiveUp(new UpstreamEnd(
                    end.code(),
                    EndCause.UPSTREAM_LOST,
                    RetryClass.RESUME,
                    "The connection to Gemini was lost and could not be made again in " + backoff.used() + " attempts. "
                            + end.happened(),
                    null,
                    end.words()));
        }
        return new Step.Reconnect(memory.continuation(), backoff.used(), wait);
    }
}
