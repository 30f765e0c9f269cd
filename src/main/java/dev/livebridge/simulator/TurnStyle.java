package dev.livebridge.simulator;

import dev.livebridge.config.SimulatorConfig;

/**
 * How a connection's answers are delivered.
 *
 * @param firstAudioDelayMs from the end of input to the first chunk
 * @param speed of delivery, as a multiple of real time
 * @param transcribe whether the words are sent too
 * @param together whether audio and its words share a message
 * @param allAtOnce whether flags and usage share the messages of the audio
 * @param separateUsage whether the usage has a message of its own
 * @param reportsUsage whether there is a usage at all
 * @param completes whether {@code turnComplete} is ever sent
 * @param answers whether there are any answers
 * @param dropsCallsSilently whether an interruption drops pending calls without a word
 * @param tellsStatus whether {@code interactionStatus} goes with {@code turnComplete}
 */
record TurnStyle(
        long firstAudioDelayMs,
        double speed,
        boolean transcribe,
        boolean together,
        boolean allAtOnce,
        boolean separateUsage,
        boolean reportsUsage,
        boolean completes,
        boolean answers,
        boolean dropsCallsSilently,
        boolean tellsStatus) {

    static TurnStyle of(SessionSetup setup, SimulatorConfig config, FaultPlan faults) {
        ModelFamily family = setup.model().family();
        boolean bundled = faults.has(Fault.Bundled.class);
        boolean unbundled = faults.has(Fault.Unbundled.class);
        return new TurnStyle(
                config.firstAudioDelay().toMillis(),
                faults.first(Fault.SlowAudio.class).map(Fault.SlowAudio::speed).orElse(config.deliverySpeed()),
                setup.outputTranscription(),
                bundled || (family.bundlesParts() && !unbundled),
                bundled,
                unbundled,
                !faults.has(Fault.MissingUsage.class),
                !faults.has(Fault.MissingTurnComplete.class),
                !faults.has(Fault.Poisoned.class),
                faults.has(Fault.SilentlyDroppedCalls.class),
                family.tellsInteractionStatus());
    }
}
