package dev.livebridge.session;

import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Relays the model's messages to the client, in their order: only kinds that the client asked for, and no audio of an
 * interrupted turn.
 */
final class ServerMessageRelay {

    private final SessionScope scope;
    private final DownstreamConnection client;
    /** Messages that arrive between {@code setupComplete} and the greeting; guarded by this. */
    private final List<Held> held = new ArrayList<>();

    private record Held(ServerMessage message, long receivedNanos) {}

    ServerMessageRelay(SessionScope scope, DownstreamConnection client) {
        this.scope = scope;
        this.client = client;
    }

    /**
     * Takes one message of the connection that is open. Calls come one after the other, in the order of the wire.
     *
     * @param muted whether it belongs to a turn that was interrupted
     * @param receivedNanos when its frame arrived
     */
    void onServerMessage(ServerMessage message, boolean muted, long receivedNanos) {
        scope.turnClock().onServerMessage(message, receivedNanos);
        scope.budget().onServerMessage(message);
        if (!muted) {
            scope.memory().onServerMessage(message, receivedNanos);
        }
        if (isActivity(message)) {
            scope.onActivity();
        }
        if (message instanceof ServerMessage.Interrupted) {
            client.dropMedia(DropReason.INTERRUPTED);
        } else if (message instanceof ServerMessage.TurnComplete || message instanceof ServerMessage.ResumptionUpdate) {
            scope.tokens().schedule().onChange();
        }
        if (!heldUntilReady(message, receivedNanos)) {
            relay(message, scope.lifecycle().negotiated(), muted, receivedNanos);
        }
    }

    /**
     * Greets the client, sends what the model has said in the meantime, and makes the session live.
     *
     * @return whether the session is live; {@code false} when it is moving or has ended
     */
    synchronized boolean start(GatewayMessage.Ready ready, Negotiated negotiated) {
        return client.greet(() -> {
            if (!(scope.lifecycle().state() instanceof Connecting)) {
                return false;
            }
            client.send(ready);
            for (Held early : held) {
                scope.account().subtract(SessionAccount.Part.QUEUE_DOWN, Weight.of(early.message()));
                relay(early.message(), negotiated, false, early.receivedNanos());
            }
            held.clear();
            // Last: from here on the model's messages no longer wait for the greeting.
            return scope.lifecycle().toLive(negotiated);
        });
    }

    /** The client gets its greeting first, even if the model speaks right after its {@code setupComplete}. */
    private boolean heldUntilReady(ServerMessage message, long receivedNanos) {
        if (!(scope.lifecycle().state() instanceof Connecting)) {
            return false;
        }
        synchronized (this) {
            if (!(scope.lifecycle().state() instanceof Connecting)) {
                return false;
            }
            if (scope.account().add(SessionAccount.Part.QUEUE_DOWN, Weight.of(message))) {
                held.add(new Held(message, receivedNanos));
            }
            return true;
        }
    }

    /** Whether the message counts as activity for the idle timeout. */
    private static boolean isActivity(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Audio _,
                    ServerMessage.Text _,
                    ServerMessage.Transcription _,
                    ServerMessage.ToolCall _,
                    ServerMessage.Interrupted _,
                    ServerMessage.TurnComplete _,
                    ServerMessage.VoiceActivity _ -> true;
            case ServerMessage.OtherPart _,
                    ServerMessage.Grounding _,
                    ServerMessage.GenerationComplete _,
                    ServerMessage.Housekeeping _ -> false;
        };
    }

    /**
     * Queues a message for the client.
     *
     * @param negotiated decides which kinds are relayed; {@code null} when all are
     * @param muted whether audio belongs to an interrupted turn
     */
    private void relay(ServerMessage message, @Nullable Negotiated negotiated, boolean muted, long receivedNanos) {
        switch (message) {
            case ServerMessage.SetupComplete _ -> {}
            case ServerMessage.Audio audio -> {
                if (muted) {
                    scope.recorder().onDropped(Direction.DOWN, audio.kind(), DropReason.INTERRUPTED);
                } else if (negotiated == null || negotiated.forwardAudio()) {
                    client.send(audio, receivedNanos);
                }
            }
            case ServerMessage.Transcription transcription -> relay(transcription, negotiated, receivedNanos);
            case ServerMessage.TurnContent _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ ->
                client.send(message, receivedNanos);
        }
    }

    private void relay(ServerMessage.Transcription transcription, @Nullable Negotiated negotiated, long receivedNanos) {
        if (negotiated == null) {
            client.send(transcription, receivedNanos);
            return;
        }
        boolean model = transcription.source() == TranscriptSource.OUTPUT;
        if (model && negotiated.transcriptAsText() && !transcription.text().isEmpty()) {
            client.send(new ServerMessage.Text(transcription.text(), false), receivedNanos);
        }
        if (model ? negotiated.forwardTranscription() : negotiated.forwardUserTranscription()) {
            client.send(transcription, receivedNanos);
        }
    }
}
