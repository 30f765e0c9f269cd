package dev.livebridge.session.turn;

import dev.livebridge.message.ClientMessage;

/** What the user does, as far as anybody needs to know who has the floor. Written by the client's thread. */
public final class UserInput {

    private final SpeechEstimate speech = new SpeechEstimate();
    private volatile long spokeNanos;
    private volatile long typedNanos;
    private volatile boolean activityMarked;

    /**
     * The input of a session that begins.
     *
     * @param nowNanos the session's start
     */
    public UserInput(long nowNanos) {
        spokeNanos = nowNanos - 1;
        typedNanos = nowNanos - 1;
    }

    /** The client said something. */
    public void said(ClientMessage message, long receivedNanos) {
        switch (message) {
            case ClientMessage.Audio audio -> {
                if (speech.speechIn(audio.data())) {
                    spokeNanos = receivedNanos;
                }
            }
            case ClientMessage.UserTurn _, ClientMessage.RealtimeText _, ClientMessage.ClientContent _ ->
                typedNanos = receivedNanos;
            case ClientMessage.Signal signal -> signalled(signal, receivedNanos);
            case ClientMessage.Setup _,
                    ClientMessage.Resume _,
                    ClientMessage.Video _,
                    ClientMessage.ToolResponse _,
                    ClientMessage.LateResult _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.LeftOut _,
                    ClientMessage.Ping _,
                    ClientMessage.Beacon _ -> {}
        }
    }

    private void signalled(ClientMessage.Signal signal, long receivedNanos) {
        switch (signal) {
            case ACTIVITY_START -> activityMarked = true;
            case ACTIVITY_END -> {
                activityMarked = false;
                spokeNanos = receivedNanos;
            }
            case AUDIO_STREAM_END -> {}
        }
    }

    /** When speech was last heard in the microphone's sound. */
    public long spokeNanos() {
        return spokeNanos;
    }

    /** When something was last typed. */
    long typedNanos() {
        return typedNanos;
    }

    /** Whether the client said that its user speaks, and not yet that it is over. */
    public boolean activityMarked() {
        return activityMarked;
    }
}
