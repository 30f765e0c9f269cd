package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamEnd;
import org.jspecify.annotations.Nullable;

/** The state of a session. {@link SessionLifecycle} has the transitions. */
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

    /** The socket is open. Lasts until the setup or the setup timeout. */
    record AwaitingSetup() implements SessionState {}

    /**
     * The setup is known, and the connection to the model is being opened. Input waits. Lasts until
     * {@code setupComplete}.
     *
     * @param sinceNanos when the setup arrived
     */
    record Connecting(long sinceNanos) implements SessionState {}

    /**
     * Messages are relayed.
     *
     * @param negotiated what was negotiated with the model
     */
    record Live(Negotiated negotiated) implements SessionState {}

    /**
     * The conversation continues on another instance: the connection to the model is closed or being closed, and the
     * client's messages are ignored. Lasts until the other instance has what it needs, or the client has closed its
     * socket or has had the time to.
     *
     * @param cause of the end that follows
     */
    record Moving(EndCause cause) implements SessionState {}

    /**
     * The connection to the model is being replaced. Input waits. Lasts until {@code setupComplete} on the next one.
     *
     * @param negotiated what was negotiated on the last connection
     * @param trigger why
     * @param sinceNanos when the last connection was released
     */
    record Rotating(Negotiated negotiated, RotationTrigger trigger, long sinceNanos) implements SessionState {}

    /**
     * The session has ended. The writers write the remaining messages, close both sockets and stop.
     *
     * @param cause why
     * @param message for people
     * @param atNanos when
     * @param upstream the end of the connection to the model, {@code null} when it was not the reason
     * @param retryAfterMillis when another attempt makes sense, {@code null} when that is not a matter of time
     */
    record Ended(
            EndCause cause,
            String message,
            long atNanos,
            @Nullable UpstreamEnd upstream,
            @Nullable Long retryAfterMillis)
            implements SessionState {

        /** What the client is told. */
        GatewayMessage.Problem problem() {
            if (upstream == null) {
                return new GatewayMessage.Problem(cause.label(), message, cause.remedy(), retryAfterMillis, true);
            }
            String remedy = upstream.remedy() == null ? cause.remedy() : upstream.remedy();
            return new GatewayMessage.Problem(cause.label(), upstream.sentence(), remedy, retryAfterMillis, true);
        }
    }
}
