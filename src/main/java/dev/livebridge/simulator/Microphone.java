package dev.livebridge.simulator;

import org.jspecify.annotations.Nullable;

/** The user's speech: detected by the server, or marked by the client's activity messages. */
final class Microphone implements VoiceDetector.Listener {

    private final SessionSetup setup;
    private final Conversation conversation;
    private final Outbox outbox;
    private final VoiceDetector detector;
    private final ManualActivity manual = new ManualActivity();
    private @Nullable Resampler resampler;

    Microphone(SessionSetup setup, Conversation conversation, Outbox outbox) {
        this.setup = setup;
        this.conversation = conversation;
        this.outbox = outbox;
        this.detector = new VoiceDetector(setup.voice(), this);
    }

    /** The next chunk of the stream, at the rate it was declared with. */
    void accept(byte[] pcm, int rate) {
        if (resampler == null || resampler.rate() != rate) {
            resampler = new Resampler(rate);
        }
        short[] samples = resampler.next(Pcm.samples(pcm));
        if (setup.manualActivity()) {
            manual.accept(samples);
        } else {
            detector.accept(samples);
        }
    }

    /** @throws RefusedException when the server detects activity itself */
    void activityStart() {
        requireManual();
        manual.start();
        speechStarted(manual.heardMs());
    }

    /** @throws RefusedException when the server detects activity itself */
    void activityEnd() {
        requireManual();
        speechEnded(manual.heardMs(), manual.end());
    }

    /**
     * The microphone was muted or closed.
     *
     * @throws RefusedException when the client marks activity itself
     */
    void streamEnd() {
        if (setup.manualActivity()) {
            throw RefusedException.invalidArgument();
        }
        detector.flush();
    }

    @Override
    public void speechStarted(long offsetMs) {
        tell("ACTIVITY_START", offsetMs);
        conversation.activityStarted();
    }

    @Override
    public void speechEnded(long offsetMs, short[] utterance) {
        tell("ACTIVITY_END", offsetMs);
        conversation.spoken(utterance);
    }

    private void tell(String type, long offsetMs) {
        if (setup.model().family().tellsVoiceActivity()) {
            outbox.send(ServerMessages.voiceActivity(type, offsetMs));
        }
    }

    private void requireManual() {
        if (!setup.manualActivity()) {
            throw RefusedException.invalid(
                    "Explicit activity control is not supported when automatic activity detection is enabled.");
        }
    }
}
