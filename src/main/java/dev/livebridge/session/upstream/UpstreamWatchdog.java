package dev.livebridge.session.upstream;

import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects a model that has stopped working without an error. One object per connection, guarded by the
 * {@code UpstreamConnection}.
 *
 * <ul>
 *   <li>A resumed session may be <em>poisoned</em>: it transcribes the user but generates nothing (gemini-live-api.md
 *       section 9 item 7).
 *   <li>A reply may never end: {@code generationComplete} came, its audio is over, and no {@code turnComplete} follows
 *       (section 7.1, exceptions seen).
 * </ul>
 */
public final class UpstreamWatchdog {

    private static final Duration MAX_SILENCE_AFTER_RESUME = Duration.ofSeconds(8);
    private static final Duration MAX_WAIT_AFTER_PLAYBACK = Duration.ofSeconds(2);

    /** What was detected. */
    public enum Alarm {
        POISONED_RESUME,
        ENDLESS_REPLY
    }

    private boolean awaitingGeneration;
    private boolean transcribed;
    private long transcribedNanos;

    private boolean playing;
    private long playedOutNanos;
    private boolean generated;

    /**
     * The watchdog of a connection that is being opened.
     *
     * @param resumed whether the connection continues from a handle
     */
    public UpstreamWatchdog(boolean resumed) {
        this.awaitingGeneration = resumed;
    }

    /** Takes a message, in the order of the wire. */
    public void onServerMessage(ServerMessage message, long nowNanos) {
        switch (message) {
            case ServerMessage.Audio audio -> {
                onGeneration();
                playedOutNanos = (playing ? playedOutNanos : nowNanos) + AudioDuration.nanos(audio);
                playing = true;
            }
            case ServerMessage.GenerationComplete() -> {
                onGeneration();
                generated = true;
                if (!playing || playedOutNanos - nowNanos < 0) {
                    playedOutNanos = nowNanos;
                }
            }
            case ServerMessage.TurnComplete _, ServerMessage.Interrupted _ -> {
                onGeneration();
                playing = false;
                generated = false;
            }
            case ServerMessage.Transcription transcription -> {
                if (transcription.source() == TranscriptSource.OUTPUT) {
                    onGeneration();
                } else if (!transcription.text().isBlank()) {
                    transcribed = true;
                    transcribedNanos = nowNanos;
                }
            }
            case ServerMessage.ModelOutput _ -> onGeneration();
            case ServerMessage.Grounding _, ServerMessage.Housekeeping _ -> {}
        }
    }

    /**
     * Checks the timeouts.
     *
     * @param callPending whether the model waits for a function result; then it may be silent
     */
    @Nullable
    public Alarm check(long nowNanos, boolean callPending) {
        if (awaitingGeneration && transcribed && nowNanos - transcribedNanos > MAX_SILENCE_AFTER_RESUME.toNanos()) {
            awaitingGeneration = false;
            return Alarm.POISONED_RESUME;
        }
        if (generated && !callPending && nowNanos - playedOutNanos > MAX_WAIT_AFTER_PLAYBACK.toNanos()) {
            generated = false;
            playing = false;
            return Alarm.ENDLESS_REPLY;
        }
        return null;
    }

    /** Time until {@link #check} may have a result; {@link Long#MAX_VALUE} when only a message can lead to one. */
    public long dueInNanos(long nowNanos) {
        long poisoned = awaitingGeneration && transcribed
                ? MAX_SILENCE_AFTER_RESUME.toNanos() - (nowNanos - transcribedNanos)
                : Long.MAX_VALUE;
        long endless = generated ? MAX_WAIT_AFTER_PLAYBACK.toNanos() - (nowNanos - playedOutNanos) : Long.MAX_VALUE;
        return Math.min(poisoned, endless);
    }

    private void onGeneration() {
        awaitingGeneration = false;
    }
}
