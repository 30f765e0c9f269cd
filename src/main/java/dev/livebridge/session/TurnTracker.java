package dev.livebridge.session;

import dev.livebridge.message.ServerMessage;

/**
 * Knows which of the model's sound belongs to a turn that was interrupted and must not be heard any more.
 *
 * <p>An interrupted turn sends {@code interrupted}, perhaps late sound, then {@code turnComplete} (gemini-live-api.md
 * section 7.2, usually 50 to 100 ms later). {@code interrupted} may also come when no turn is open: then nothing is
 * muted, because no {@code turnComplete} is owed. One connection long; guarded by its line.
 */
final class TurnTracker {

    /** A {@code turnComplete} that does not come must not silence the model for ever (section 7.1, exceptions seen). */
    private static final long LONGEST_MUTE_NANOS = 2_000_000_000L;

    private volatile boolean turnOpen;
    private boolean muted;
    private long mutedAtNanos;

    /** Takes note of a message, in the order of the wire. */
    void observe(ServerMessage message, long nowNanos) {
        switch (message) {
            case ServerMessage.Interrupted() -> {
                if (turnOpen) {
                    muted = true;
                    mutedAtNanos = nowNanos;
                }
            }
            case ServerMessage.TurnComplete turnComplete -> {
                turnOpen = false;
                muted = false;
            }
            case ServerMessage.Audio audio -> {
                turnOpen = true;
                if (muted && nowNanos - mutedAtNanos > LONGEST_MUTE_NANOS) {
                    muted = false;
                }
            }
            case ServerMessage.Text text -> turnOpen = true;
            case ServerMessage.OtherPart part -> turnOpen = true;
            case ServerMessage.ToolCall call -> turnOpen = true;
            case ServerMessage.GenerationComplete() -> turnOpen = true;
            case ServerMessage.SetupComplete setupComplete -> {}
            case ServerMessage.Transcription transcription -> {}
            case ServerMessage.Grounding grounding -> {}
            case ServerMessage.ToolCallCancellation cancellation -> {}
            case ServerMessage.InteractionStatus status -> {}
            case ServerMessage.WaitingForInput waiting -> {}
            case ServerMessage.Usage usage -> {}
            case ServerMessage.ResumptionUpdate update -> {}
            case ServerMessage.GoAway goAway -> {}
            case ServerMessage.VoiceActivity activity -> {}
            case ServerMessage.Unknown unknown -> {}
        }
    }

    /** Whether the model's turn is open. */
    boolean open() {
        return turnOpen;
    }

    /** Whether sound that arrives now belongs to a dead turn. */
    boolean muted() {
        return muted;
    }
}
