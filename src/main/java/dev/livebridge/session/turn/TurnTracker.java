package dev.livebridge.session.turn;

import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;

/**
 * Decides which of the model's audio belongs to an interrupted turn and is not relayed.
 *
 * <p>In an interrupted turn {@code interrupted} is followed by late audio, if any, and {@code turnComplete}
 * (gemini-live-api.md section 7.2, usually 50 to 100 ms later). {@code interrupted} may also come when no turn is open;
 * then no audio is muted, because no {@code turnComplete} follows.
 *
 * <p>The {@code turnComplete} may be missing (section 7.1, exceptions seen). {@link #missedEnd} then detects from other
 * messages that the next turn has begun. One object per connection, guarded by the {@code UpstreamConnection}.
 */
public final class TurnTracker {

    /** Content that comes later than this after {@code interrupted} belongs to the next turn. */
    private static final long MAX_MUTE_NANOS = 2_000_000_000L;

    /** Content that comes later than this, and after an input transcription, belongs to the next turn. */
    private static final long LATE_CONTENT_NANOS = 500_000_000L;

    private volatile boolean turnOpen;
    private boolean muted;
    private boolean userSpoke;
    private long mutedAtNanos;

    /** Takes a message, in the order of the wire. */
    public void onServerMessage(ServerMessage message, long nowNanos) {
        switch (message) {
            case ServerMessage.Interrupted() -> {
                if (turnOpen) {
                    muted = true;
                    userSpoke = false;
                    mutedAtNanos = nowNanos;
                }
            }
            case ServerMessage.TurnComplete turnComplete -> {
                turnOpen = false;
                muted = false;
            }
            case ServerMessage.ModelOutput _, ServerMessage.GenerationComplete _ -> turnOpen = true;
            case ServerMessage.Transcription transcription ->
                userSpoke |= transcription.source() != TranscriptSource.OUTPUT
                        && !transcription.text().isBlank();
            case ServerMessage.Grounding _, ServerMessage.Housekeeping _ -> {}
        }
    }

    /**
     * Whether this message shows that the interrupted turn is over although its {@code turnComplete} did not come. Must
     * be called before {@link #onServerMessage}.
     */
    public boolean missedEnd(ServerMessage message, long nowNanos) {
        if (!muted) {
            return false;
        }
        return switch (message) {
            // An interrupted turn has none (gemini-live-api.md fact 5).
            case ServerMessage.GenerationComplete _ -> true;
            case ServerMessage.ModelOutput _ ->
                nowNanos - mutedAtNanos > (userSpoke ? LATE_CONTENT_NANOS : MAX_MUTE_NANOS);
            case ServerMessage.Transcription transcription ->
                transcription.source() == TranscriptSource.OUTPUT
                        && nowNanos - mutedAtNanos > (userSpoke ? LATE_CONTENT_NANOS : MAX_MUTE_NANOS);
            case ServerMessage.Interrupted _,
                    ServerMessage.TurnComplete _,
                    ServerMessage.Grounding _,
                    ServerMessage.Housekeeping _ -> false;
        };
    }

    /** Whether the model's turn is open. */
    public boolean open() {
        return turnOpen;
    }

    /** Whether audio that arrives now belongs to an interrupted turn. */
    public boolean muted() {
        return muted;
    }
}
