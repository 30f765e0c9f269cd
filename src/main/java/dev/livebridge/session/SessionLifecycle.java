package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.SessionState.AwaitingSetup;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.SessionState.Moving;
import dev.livebridge.session.SessionState.Rotating;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The state of one session. Every transition is a method of this class; a transition that the current state does not
 * allow changes nothing and returns {@code false}.
 *
 * <pre>
 *  AwaitingSetup ─toConnecting▶ Connecting ─toLive▶ Live ─toRotating▶ Rotating ─toLive▶ Live
 *  each of these ─toMoving▶ Moving
 *  each of these, and Moving ─end▶ Ended
 * </pre>
 *
 * <p>Safe to use from any thread.
 */
final class SessionLifecycle {

    private static final Logger LOG = Logger.getLogger(SessionLifecycle.class);

    private final String sessionId;
    private final LongSupplier clock;
    private final Consumer<Ended> onEnded;
    private final AtomicReference<SessionState> state = new AtomicReference<>(new AwaitingSetup());

    /**
     * The lifecycle of a session that awaits its setup.
     *
     * @param sessionId for the log
     * @param clock in nanoseconds
     * @param onEnded called once, by the thread that ends the session
     */
    SessionLifecycle(String sessionId, LongSupplier clock, Consumer<Ended> onEnded) {
        this.sessionId = sessionId;
        this.clock = clock;
        this.onEnded = onEnded;
    }

    /** The current state. */
    SessionState state() {
        return state.get();
    }

    /** What was negotiated with the model; {@code null} unless the session is live or rotating. */
    @Nullable
    Negotiated negotiated() {
        return switch (state.get()) {
            case Live(Negotiated negotiated) -> negotiated;
            case Rotating rotating -> rotating.negotiated();
            case AwaitingSetup _, Connecting _, Moving _, Ended _ -> null;
        };
    }

    /** Whether the session no longer uses the model: it is moving or has ended. */
    boolean modelReleased() {
        return switch (state.get()) {
            case Moving _, Ended _ -> true;
            case AwaitingSetup _, Connecting _, Live _, Rotating _ -> false;
        };
    }

    // ---- transitions ---------------------------------------------------------------------------------------------

    /** The setup is known. */
    boolean toConnecting() {
        long now = clock.getAsLong();
        return transition(before -> switch (before) {
            case AwaitingSetup _ -> new Connecting(now);
            case Connecting _, Live _, Rotating _, Moving _, Ended _ -> null;
        });
    }

    /** The model has confirmed the setup, on the first connection or a later one. */
    boolean toLive(Negotiated negotiated) {
        return transition(before -> switch (before) {
            case Connecting _, Rotating _ -> new Live(negotiated);
            case AwaitingSetup _, Live _, Moving _, Ended _ -> null;
        });
    }

    /** The connection to the model is released, and another one follows. */
    boolean toRotating(RotationTrigger trigger) {
        long now = clock.getAsLong();
        return transition(before -> switch (before) {
            case Live(Negotiated negotiated) -> new Rotating(negotiated, trigger, now);
            case AwaitingSetup _, Connecting _, Rotating _, Moving _, Ended _ -> null;
        });
    }

    /**
     * The conversation continues on another instance.
     *
     * @param cause of the session's end, once it has moved
     */
    boolean toMoving(EndCause cause) {
        return transition(before -> switch (before) {
            case AwaitingSetup _, Connecting _, Live _, Rotating _ -> new Moving(cause);
            case Moving _, Ended _ -> null;
        });
    }

    /**
     * Ends the session; only the first call has an effect.
     *
     * @param cause why
     * @param message for people, free of secrets
     */
    boolean end(EndCause cause, String message) {
        return end(cause, message, cause.retryAfterMillis());
    }

    /** As {@link #end(EndCause, String)}; {@code retryAfterMillis} is when another attempt makes sense. */
    boolean end(EndCause cause, String message, @Nullable Long retryAfterMillis) {
        return toEnded(new Ended(cause, message, clock.getAsLong(), null, retryAfterMillis));
    }

    /** Ends the session because of its connection to the model. */
    boolean end(UpstreamEnd upstream) {
        return toEnded(new Ended(
                upstream.cause(), upstream.message(), clock.getAsLong(), upstream, upstream.retryAfterMillis()));
    }

    /**
     * Ends the session because of a defect of the gateway. The log gets the details; the client is told only that it
     * was an internal error.
     *
     * @param doing what was being done, for the log
     */
    void fault(String doing, RuntimeException fault) {
        LOG.errorf(fault, "fault while %s session=%s", doing, sessionId);
        end(EndCause.INTERNAL, EndCause.INTERNAL.sentence());
    }

    private boolean toEnded(Ended ended) {
        boolean first = transition(before -> switch (before) {
            case AwaitingSetup _, Connecting _, Live _, Rotating _, Moving _ -> ended;
            case Ended _ -> null;
        });
        if (first) {
            onEnded.accept(ended);
        }
        return first;
    }

    /** The only place that sets the state. */
    private boolean transition(Function<SessionState, @Nullable SessionState> next) {
        SessionState before;
        SessionState after;
        do {
            before = state.get();
            after = next.apply(before);
            if (after == null) {
                LOG.debugf("transition refused session=%s state=%s", sessionId, before.label());
                return false;
            }
        } while (!state.compareAndSet(before, after));
        return true;
    }
}
