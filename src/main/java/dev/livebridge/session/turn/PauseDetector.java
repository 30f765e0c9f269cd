package dev.livebridge.session.turn;

import dev.livebridge.message.ServerMessage;
import java.time.Duration;

/**
 * Knows when nobody has the floor: the user does not speak, the model does not answer, and no answer is due. One
 * connection long; guarded by its line.
 *
 * <p>Where the model tells what its voice detection hears that counts; elsewhere {@link SpeechEstimate} does.
 */
public final class PauseDetector {

    /** A voice rests this long between two words of a sentence. */
    private static final Duration BREATH = Duration.ofMillis(500);

    /** An answer that has not begun by then does not come: the model chose silence, or heard none. */
    private static final Duration LATEST_ANSWER = Duration.ofSeconds(4);

    /** What lasts longer than this has no end that could be waited for. */
    private static final Duration LONGEST_CLAIM = Duration.ofSeconds(30);

    private final UserInput user;
    private boolean detects;
    private boolean voice;
    private long voiceNanos;
    private boolean busy;
    private long busyNanos;
    private long turnOverNanos;
    private long contentOverNanos;

    public PauseDetector(UserInput user, long nowNanos) {
        this.user = user;
        this.voiceNanos = nowNanos;
        this.turnOverNanos = nowNanos;
        this.contentOverNanos = nowNanos;
    }

    /** Takes note of a message, in the order of the wire. */
    public void heard(ServerMessage message, long nowNanos) {
        switch (message) {
            case ServerMessage.VoiceActivity activity -> {
                switch (activity.type()) {
                    case "ACTIVITY_START", "VAD_SIGNAL_TYPE_SOS" -> voice(true, nowNanos);
                    case "ACTIVITY_END", "VAD_SIGNAL_TYPE_EOS" -> voice(false, nowNanos);
                    default -> {}
                }
            }
            // No snapshot now: the model is at work, though nothing may be heard of it yet (section 5.5).
            case ServerMessage.ResumptionUpdate update -> {
                busy = !update.resumable();
                busyNanos = nowNanos;
            }
            case ServerMessage.GenerationComplete() -> contentOverNanos = nowNanos;
            case ServerMessage.TurnComplete _ -> {
                if (turnOverNanos - contentOverNanos >= 0) {
                    contentOverNanos = nowNanos;
                }
                turnOverNanos = nowNanos;
            }
            case ServerMessage.SetupComplete _,
                    ServerMessage.Interrupted _,
                    ServerMessage.Audio _,
                    ServerMessage.Text _,
                    ServerMessage.OtherPart _,
                    ServerMessage.Transcription _,
                    ServerMessage.Grounding _,
                    ServerMessage.ToolCall _,
                    ServerMessage.ToolCallCancellation _,
                    ServerMessage.InteractionStatus _,
                    ServerMessage.WaitingForInput _,
                    ServerMessage.Usage _,
                    ServerMessage.GoAway _,
                    ServerMessage.Unknown _ -> {}
        }
    }

    /**
     * Whether nobody has it.
     *
     * @param turnOpen whether the model's turn is open
     */
    public boolean free(long nowNanos, boolean turnOpen) {
        if (turnOpen
                || user.activityMarked()
                || (voice && nowNanos - voiceNanos < LONGEST_CLAIM.toNanos())
                || (busy && nowNanos - busyNanos < LONGEST_CLAIM.toNanos())
                || nowNanos - user.spokeNanos() < BREATH.toNanos()) {
            return false;
        }
        long spoken = detects ? voiceNanos : user.spokeNanos();
        long lastWord = spoken - user.typedNanos() > 0 ? spoken : user.typedNanos();
        return lastWord - turnOverNanos <= 0 || nowNanos - lastWord > LATEST_ANSWER.toNanos();
    }

    /** When the last turn's content was complete; a handle that is older does not know it. */
    public long contentOverNanos() {
        return contentOverNanos;
    }

    private void voice(boolean heard, long nowNanos) {
        detects = true;
        voice = heard;
        voiceNanos = nowNanos;
    }
}
