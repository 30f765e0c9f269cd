package dev.livebridge.simulator;

import java.time.Duration;

/** A fault on one connection, requested by a test or by a developer. */
public sealed interface Fault {

    /** When a fault that happens once happens. */
    sealed interface Moment {

        /** After the setup frame, in place of {@code setupComplete}. */
        record BeforeSetupComplete() implements Moment {}

        /** A while after {@code setupComplete}; zero is at once. */
        record AfterSetupComplete(Duration delay) implements Moment {}

        /** When so many client messages have come after the setup. */
        record AfterMessages(int count) implements Moment {}
    }

    /** A fault that happens once, at a moment of its own. */
    sealed interface Event extends Fault {

        /** When it happens. */
        Moment moment();
    }

    /** The upgrade is answered with an HTTP error. */
    record RefuseUpgrade(int status) implements Fault {}

    /** A close frame, such as any row of gemini-live-api.md section 11. */
    record Close(int code, String reason, Moment moment) implements Event {}

    /** The TCP connection goes away without a close frame. */
    record Drop(Moment moment) implements Event {}

    /** The connection stays open, but the simulator no longer reads from it. */
    record Stall(Moment moment) implements Event {}

    /** {@code goAway}, and the close when the time is up. */
    record GoAway(Duration timeLeft, Moment moment) implements Event {}

    /** One spoken chunk that makes a message of about this many bytes. */
    record HugeMessage(int bytes, Moment moment) implements Event {}

    /** Pings are answered late. */
    record LatePongs(Duration delay) implements Fault {}

    /** Each message comes in this many WebSocket frames. */
    record SplitFrames(int frames) implements Fault {}

    /** Audio, transcription and flags share messages, for every model. */
    record Bundled() implements Fault {}

    /** Each part has a message of its own, the usage too. */
    record Unbundled() implements Fault {}

    /** Turns have no {@code usageMetadata}. */
    record MissingUsage() implements Fault {}

    /** Speech is delivered at this multiple of real time; below 1 a player starves. */
    record SlowAudio(double speed) implements Fault {}

    /** Turns end with {@code generationComplete} and nothing after it. */
    record MissingTurnComplete() implements Fault {}

    /** Speech is transcribed but never answered, as in a session that was resumed badly. */
    record Poisoned() implements Fault {}

    /** {@code {}} is sent repeatedly. */
    record EmptyMessages(Duration every) implements Fault {}

    /** Resumption updates that the setup did not request. */
    record ResumptionUpdates(Duration every) implements Fault {}

    /** Every message has a field that no client knows beside the known ones. */
    record UnknownFields() implements Fault {}

    /** The setup is neither confirmed nor refused. */
    record SwallowedSetup() implements Fault {}

    /** A resumed session loses {@code clientContent} that requested no answer. */
    record LostPrefill() implements Fault {}

    /** An interruption drops pending calls without {@code toolCallCancellation}; their results are ignored. */
    record SilentlyDroppedCalls() implements Fault {}

    /** {@code goAway.timeLeft} has a fraction. */
    record FractionalDurations() implements Fault {}
}
