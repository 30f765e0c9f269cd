package dev.livebridge.session.turn;

import dev.livebridge.message.ClientMessage;

/** When the user spoke or typed last. Written by the client's thread, read by any. */
public final class UserInput {

    private final SpeechEstimate speech = new SpeechEstimate();
    private volatile long lastSpeechNanos;
    private volatile long lastTypedNanos;
    private volatile boolean activityMarked;

    /**
     * No input yet.
     *
     * @param nowNanos the session's start
     */
    public UserInput(long nowNanos) {
        lastSpeechNanos = nowNanos - 1;
        lastTypedNanos = nowNanos - 1;
    }

    /** A message of the client has arrived. */
    public void onClientMessage(ClientMessage message, long receivedNanos) {
        switch (message) {
            case ClientMessage.Audio audio -> {
                if (speech.speechIn(audio.data())) {
                    lastSpeechNanos = receivedNanos;
                }
            }
            case ClientMessage.UserTurn _,
                    ClientMessage.GreetingPrompt _,
                    ClientMessage.RealtimeText _,
                    ClientMessage.ClientContent _ -> lastTypedNanos = receivedNanos;
            case ClientMessage.Signal signal -> onSignal(signal, receivedNanos);
            case ClientMessage.Setup _,
                    ClientMessage.Resume _,
                    ClientMessage.Auth _,
                    ClientMessage.Video _,
                    ClientMessage.ToolResponse _,
                    ClientMessage.LateResult _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.LeftOut _,
                    ClientMessage.Unknown _,
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

    /** When the microphone's audio last contained speech, or {@code activityEnd} arrived. */
    public long lastSpeechNanos() {
        return lastSpeechNanos;
    }

    /** When text last arrived. */
    long lastTypedNanos() {
        return lastTypedNanos;
    }

    /** Whether {@code activityStart} has arrived and {@code activityEnd} has not. */
    public boolean activityMarked() {
        return activityMarked;
    }
}
