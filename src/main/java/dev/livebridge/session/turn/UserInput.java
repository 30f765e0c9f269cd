package dev.livebridge.session.turn;

import dev.livebridge.message.ClientMessage;

/** What the user does, as far as anybody needs to know who has the floor. Written by the client's thread. */
public final class UserInput {

    private final SpeechEstimate speech = new SpeechEstimate();
    private volatile long lastSpeechNanos;
    private volatile long lastTypedNanos;
    private volatile boolean activityMarked;

    /**
     * The input of a session that begins.
     *
     * @param nowNanos the session's start
     */
    public UserInput(long nowNanos) {
        lastSpeechNanos = nowNanos - 1;
        lastTypedNanos = nowNanos - 1;
    }

    /** The client said something. */
    public void onClientMessage(ClientMessage message, long receivedNanos) {
        switch (message) {
            case ClientMessage.Audio audio -> {
                if (speech.speechIn(audio.data())) {
                    lastSpeechNanos = receivedNanos;
                }
            }
            case ClientMessage.UserTurn _, ClientMessage.RealtimeText _, ClientMessage.ClientContent _ ->
                lastTypedNanos = receivedNanos;
            case ClientMessage.Signal signal -> onSignal(signal, receivedNanos);
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

    private void onSignal(ClientMessage.Signal signal, long receivedNanos) {
        switch (signal) {
            case ACTIVITY_START -> activityMarked = true;
            case ACTIVITY_END -> {
                activityMarked = false;
                lastSpeechNanos = receivedNanos;
            }
            case AUDIO_STREAM_END -> {}
        }
    }

    /** When speech was last heard in the microphone's sound. */
    public long lastSpeechNanos() {
        return lastSpeechNanos;
    }

    /** When something was last typed. */
    long lastTypedNanos() {
        return lastTypedNanos;
    }

    /** Whether the client said that its user speaks, and not yet that it is over. */
    public boolean activityMarked() {
        return activityMarked;
    }
}
