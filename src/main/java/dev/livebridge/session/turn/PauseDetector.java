package dev.livebridge.session.turn;

import dev.livebridge.message.ServerMessage;
import java.time.Duration;

/**
 * Detects a pause: the user does not speak, the model does not answer, and no answer is due. One object per connection,
 * guarded by the {@code UpstreamConnection}.
 *
 * <p>The voice detection of the model decides whether the user speaks; without its events, {@link SpeechEstimate} does.
 */
public final class PauseDetector {

    /** A gap between two words of a sentence is not longer than this. */
    private static final Duration WORD_GAP = Duration.ofMillis(500);

    /** After this time without an answer to an input, none is expected. */
    private static final Duration MAX_ANSWER_DELAY = Duration.ofSeconds(4);

    /** Upper bound for one speech or busy signal; after it, its end event is considered lost. */
    private static final Duration MAX_ACTIVITY_WITHOUT_END = Duration.ofSeconds(30);

    private final UserInput user;
    private boolean reportsVoice;
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

    /** Takes a message, in the order of the wire. */
    public void onServerMessage(ServerMessage message, long nowNanos) {
        switch (message) {
            case ServerMessage.VoiceActivity activity -> {
                switch (activity.type()) {
                    case "ACTIVITY_START", "VAD_SIGNAL_TYPE_SOS" -> onVoice(true, nowNanos);
                    case "ACTIVITY_END", "VAD_SIGNAL_TYPE_EOS" -> onVoice(false, nowNanos);
                    default -> {}
                }
            }
            // Not resumable: the model is generating, even if it has sent nothing yet (gemini-live-api.md section 5.5).
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
            case ServerMessage.TurnContent _, ServerMessage.Interrupted _, ServerMessage.Housekeeping _ -> {}
        }
    }

    /**
     * Whether there is a pause.
     *
     * @param turnOpen whether the model's turn is open
     */
    public boolean isPause(long nowNanos, boolean turnOpen) {
        if (turnOpen
                || user.activityMarked()
                || (voice && nowNanos - voiceNanos < MAX_ACTIVITY_WITHOUT_END.toNanos())
                || (busy && nowNanos - busyNanos < MAX_ACTIVITY_WITHOUT_END.toNanos())
                || nowNanos - user.lastSpeechNanos() < WORD_GAP.toNanos()) {
            return false;
        }
        long lastSpeech = reportsVoice ? voiceNanos : user.lastSpeechNanos();
        long lastInput = lastSpeech - user.lastTypedNanos() > 0 ? lastSpeech : user.lastTypedNanos();
        return lastInput - turnOverNanos <= 0 || nowNanos - lastInput > MAX_ANSWER_DELAY.toNanos();
    }

    /** When the last turn's content was complete; an older handle does not include it. */
    public long contentOverNanos() {
        return contentOverNanos;
    }

    private void onVoice(boolean active, long nowNanos) {
        reportsVoice = true;
        voice = active;
        voiceNanos = nowNanos;
    }
}
