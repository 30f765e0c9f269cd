package dev.livebridge.session;

import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.RelayMeters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model says, on its way to the client: in its order, what the client asked for, and no sound of a turn that
 * was interrupted.
 */
final class ServerMessageRelay {

    private final LiveSession session;
    private final RelayMeters meters;
    private final List<Held> held = new ArrayList<>();

    private record Held(ServerMessage message, long receivedNanos) {}

    ServerMessageRelay(LiveSession session, RelayMeters meters) {
        this.session = session;
        this.meters = meters;
    }

    /** Whether it shows that somebody still talks; silence and housekeeping do not. */
    static boolean isActivity(ServerMessage message) {
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
     * Keeps something until the client was greeted.
     *
     * @return {@code true}
     */
    boolean hold(ServerMessage message, long receivedNanos) {
        if (session.account().add(SessionAccount.Part.QUEUE_DOWN, Weight.of(message))) {
            held.add(new Held(message, receivedNanos));
        }
        return true;
    }

    /** Tells the client what was kept. */
    void relayHeld(Negotiated negotiated) {
        for (Held early : held) {
            session.account().subtract(SessionAccount.Part.QUEUE_DOWN, Weight.of(early.message()));
            relay(early.message(), negotiated, false, early.receivedNanos());
        }
        held.clear();
    }

    /**
     * Tells the client.
     *
     * @param negotiated what it asked for; {@code null} before the conversation, when everything is told
     * @param muted whether sound belongs to a dead turn
     */
    void relay(ServerMessage message, @Nullable Negotiated negotiated, boolean muted, long receivedNanos) {
        switch (message) {
            case ServerMessage.SetupComplete _ -> {}
            case ServerMessage.Audio audio -> {
                if (muted) {
                    meters.dropped(Direction.DOWN, audio.kind(), DropReason.INTERRUPTED);
                } else if (negotiated == null || negotiated.forwardAudio()) {
                    session.sendToClient(audio, receivedNanos);
                }
            }
            case ServerMessage.Transcription transcription -> relay(transcription, negotiated, receivedNanos);
            case ServerMessage.TurnContent _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ ->
                session.sendToClient(message, receivedNanos);
        }
    }

    private void relay(ServerMessage.Transcription transcription, @Nullable Negotiated negotiated, long receivedNanos) {
        if (negotiated == null) {
            session.sendToClient(transcription, receivedNanos);
            return;
        }
        boolean model = transcription.source() == TranscriptSource.OUTPUT;
        if (model && negotiated.transcriptAsText() && !transcription.text().isEmpty()) {
            session.sendToClient(new ServerMessage.Text(transcription.text(), false), receivedNanos);
        }
        if (model ? negotiated.forwardTranscription() : negotiated.forwardUserTranscription()) {
            session.sendToClient(transcription, receivedNanos);
        }
    }
}
