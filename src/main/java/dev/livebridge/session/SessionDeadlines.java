package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionState.AwaitingSetup;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.SessionState.Moving;
import dev.livebridge.session.SessionState.Rotating;

/** The deadlines of one session, of its client and of its connection to the model. Called by the registry's clock. */
final class SessionDeadlines {

    /** Something may be due at any time. */
    private static final long SOON = 0;

    private final SessionScope scope;
    private final DownstreamConnection client;
    private final UpstreamWriter upstreamWriter;
    private final SessionMigration migration;
    private final LimitEndings limits;
    private final boolean resumable;
    private final Runnable onClientUnreachable;

    /**
     * The deadlines of a session.
     *
     * @param resumable whether the client takes resume tokens
     * @param onClientUnreachable called when a write has failed and the socket's close event does not come
     */
    SessionDeadlines(
            SessionScope scope,
            DownstreamConnection client,
            UpstreamWriter upstreamWriter,
            SessionMigration migration,
            boolean resumable,
            Runnable onClientUnreachable) {
        this.scope = scope;
        this.client = client;
        this.upstreamWriter = upstreamWriter;
        this.migration = migration;
        this.limits = new LimitEndings(scope, client);
        this.resumable = resumable;
        this.onClientUnreachable = onClientUnreachable;
    }

    /** Does everything that is due. */
    void check() {
        long now = scope.now();
        scope.recorder().sample(now);
        switch (scope.lifecycle().state()) {
            case Ended _ -> {}
            case Moving(EndCause cause) -> migration.checkMoving(cause, now);
            case AwaitingSetup state -> check(state, now);
            case Connecting state -> check(state, now);
            case Live state -> check(state, now);
            case Rotating state -> check(state, now);
        }
    }

    private void check(SessionState state, long now) {
        SessionLimits bounds = scope.context().limits();
        if (client.writeFailedForNanos(now) > SessionLimits.CLOSE_EVENT_GRACE.toNanos()) {
            onClientUnreachable.run();
        } else if (client.stalledForNanos(now) > bounds.stallTimeout().toNanos()) {
            scope.lifecycle().end(EndCause.CLIENT_STALLED, EndCause.CLIENT_STALLED.sentence());
        } else if (client.detachedForNanos(now) > bounds.resumeGrace().toNanos()) {
            scope.lifecycle().end(client.detachCause(), client.detachCause().sentence());
        } else if (state instanceof AwaitingSetup
                && now - scope.startedNanos() > bounds.setupTimeout().toNanos()) {
            scope.lifecycle().end(EndCause.SETUP_TIMEOUT, EndCause.SETUP_TIMEOUT.sentence());
        } else {
            UpstreamConnection connection = upstreamWriter.connection();
            limits.check(
                    now,
                    state instanceof Live || state instanceof Rotating,
                    connection != null && connection.turnOpen());
            if (connection != null) {
                connection.tick(now);
            }
            if (resumable && scope.lifecycle().negotiated() != null && !client.isDetached()) {
                scope.tokens().offer(now).ifPresent(client::send);
            }
            migration.checkDrain(now);
        }
    }

    /** See {@link SessionTimer.Timed#dueInNanos}. */
    long dueInNanos() {
        long now = scope.now();
        return switch (scope.lifecycle().state()) {
            case Ended _ -> Long.MAX_VALUE;
            case Moving _, Connecting _, Rotating _ -> SOON;
            case AwaitingSetup _ ->
                scope.startedNanos() + scope.context().limits().setupTimeout().toNanos() - now;
            case Live _ -> liveDueInNanos(now);
        };
    }

    private long liveDueInNanos(long now) {
        UpstreamConnection connection = upstreamWriter.connection();
        if (connection == null
                || migration.draining()
                || client.writeFailedForNanos(now) > 0
                || client.stalledForNanos(now) > 0) {
            return SOON;
        }
        long ofClient = client.isDetached()
                ? scope.context().limits().resumeGrace().toNanos() - client.detachedForNanos(now)
                : Long.MAX_VALUE;
        long ofToken =
                resumable && !client.isDetached() ? scope.tokens().schedule().dueInNanos(now) : Long.MAX_VALUE;
        return Math.min(Math.min(ofClient, ofToken), Math.min(limits.dueInNanos(now), connection.dueInNanos(now)));
    }
}
