package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionState.AwaitingSetup;
import dev.livebridge.session.SessionState.Moving;
import dev.livebridge.session.queue.MessageQueue;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves the conversation to another instance: because that instance asks for it, or because this one drains. The
 * connection to the model is closed first, so that two instances never have one at once.
 */
final class SessionMigration {

    /** How long to wait for the close of the connection to the model; the session moves on without it. */
    private static final Duration UPSTREAM_CLOSE_TIMEOUT = Duration.ofMillis(700);

    /** Time for the client to resume on another instance after {@code migrate}. */
    private static final Duration MIGRATION_TIME = Duration.ofSeconds(2);

    /** While draining: how long after a turn to wait for a resumption handle that includes it. */
    private static final Duration MAX_WAIT_FOR_HANDLE = Duration.ofSeconds(2);

    private final SessionScope scope;
    private final DownstreamConnection client;
    private final MessageQueue<ClientMessage> up;
    private final UpstreamWriter upstreamWriter;
    private final boolean resumable;
    private volatile @Nullable DrainWindow drainWindow;

    /** @param resumable whether the client takes resume tokens */
    SessionMigration(
            SessionScope scope,
            DownstreamConnection client,
            MessageQueue<ClientMessage> up,
            UpstreamWriter upstreamWriter,
            boolean resumable) {
        this.scope = scope;
        this.client = client;
        this.up = up;
        this.upstreamWriter = upstreamWriter;
        this.resumable = resumable;
    }

    /** See {@link LiveSession#release}. */
    Optional<String> release() throws InterruptedException {
        releaseModel(EndCause.MOVED);
        Optional<String> sealed = scope.tokens().sealState(scope.now());
        EndCause cause = scope.lifecycle().state() instanceof Moving(EndCause moving) ? moving : EndCause.MOVED;
        scope.lifecycle().end(cause, cause.sentence());
        return sealed;
    }

    /** The instance drains; {@code null} when it no longer does. */
    void drain(@Nullable DrainWindow window) {
        drainWindow = window;
    }

    /** Whether the instance drains. */
    boolean draining() {
        return drainWindow != null;
    }

    /**
     * Moves the session once it is idle, if the instance drains. Sessions without setup, without a client, or whose
     * client can't resume are ended with {@link EndCause#DRAIN}.
     */
    void checkDrain(long now) {
        DrainWindow window = drainWindow;
        if (window == null) {
            return;
        }
        UpstreamConnection connection = upstreamWriter.connection();
        if (scope.lifecycle().state() instanceof AwaitingSetup || client.isDetached()) {
            scope.lifecycle().end(EndCause.DRAIN, EndCause.DRAIN.sentence());
        } else if (window.due(now, connection != null && connection.isIdle(now, MAX_WAIT_FOR_HANDLE))) {
            if (!resumable || scope.lifecycle().negotiated() == null) {
                scope.lifecycle().end(EndCause.DRAIN, EndCause.DRAIN.sentence());
            } else if (scope.lifecycle().toMoving(EndCause.DRAIN)) {
                Thread.ofVirtual().name("livebridge-migrate-" + scope.id()).start(this::migrate);
            }
        }
    }

    /**
     * Ends the session if its client has resumed elsewhere, has closed its socket, or has had {@link #MIGRATION_TIME}.
     *
     * @param cause of the end
     */
    void checkMoving(EndCause cause, long now) {
        if (client.migrationOver(now)) {
            scope.lifecycle().end(cause, cause.sentence());
        }
    }

    private void migrate() {
        try {
            releaseModel(EndCause.DRAIN);
            scope.tokens().migration(scope.now()).ifPresent(client::send);
            client.awaitMigration(scope.now() + MIGRATION_TIME.toNanos());
        } catch (InterruptedException e) {
            // No code interrupts this thread.
            scope.lifecycle().fault("migrating the session", new IllegalStateException(e));
        } catch (RuntimeException e) {
            scope.lifecycle().fault("migrating the session", e);
        }
    }

    private void releaseModel(EndCause cause) throws InterruptedException {
        scope.lifecycle().toMoving(cause);
        up.discard();
        upstreamWriter.wake();
        upstreamWriter.awaitStopped(UPSTREAM_CLOSE_TIMEOUT);
    }
}
