package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamEnd;
import org.jspecify.annotations.Nullable;

/** Where a conversation stands. {@link SessionLifecycle} has the transitions. */
sealed interface SessionState {

    /**
     * The state's name for operators: {@code awaiting_setup}, {@code connecting}, {@code live}, {@code rotating},
     * {@code moving} or {@code ended}.
     */
    default String label() {
        return switch (this) {
            case AwaitingSetup _ -> "awaiting_setup";
            case Connecting _ -> "connecting";
            case Live _ -> "live";
            case Rotating _ -> "rotating";
            case Moving _ -> "moving";
            case Ended _ -> "ended";
        };
    }

    /** The socket is open, the client has said nothing yet. Holds until the setup or the setup timeout. */
    record AwaitingSetup() implements SessionState {}

    /**
     * The setup is known; the model is being called. Input waits. Holds until {@code setupComplete}.
     *
     * @param sinceNanos when the setup came
     */
    record Connecting(long sinceNanos) implements SessionState {}

    /**
     * Both sides talk.
     *
     * @param negotiated what was agreed
     */
    record Live(Negotiated negotiated) implements SessionState {}

    /**
     * The conversation goes on at another instance: the model's line is closed or being closed, and what the client
     * still says here is not heard. Holds until the other instance has what it needs, or the client has gone or has had
     * time to.
     *
     * @param cause what the ending will be called
     */
    record Moving(EndCause cause) implements SessionState {}

    /**
     * The conversation changes its connection to the model. Input waits; what was heard stays. Holds until the next
     * connection's {@code setupComplete}.
     *
     * @param negotiated what was agreed
     * @param trigger why
     * @param sinceNanos when the last message had gone up
     */
    record Rotating(Negotiated negotiated, RotationTrigger trigger, long sinceNanos) implements SessionState {}

    /**
     * Over. The pumps say what is left to say, close both sockets and stop.
     *
     * @param cause why
     * @param message for people
     * @param atNanos when
     * @param upstream what Gemini or the way to it said, {@code null} when it was not the reason
     */
    record Ended(
            EndCause cause,
            String message,
            long atNanos,
            @Nullable UpstreamEnd upstream) implements SessionState {

        /** What the client is told. */
        GatewayMessage.Problem problem() {
            if (upstream == null) {
                return new GatewayMessage.Problem(
                        cause.label(), message, cause.remedy(), cause.retryAfterMillis(), true);
            }
            String remedy = upstream.remedy() == null ? cause.remedy() : upstream.remedy();
            return new GatewayMessage.Problem(
                    cause.label(), upstream.sentence(), remedy, upstream.retryAfterMillis(), true);
        }
    }
}
