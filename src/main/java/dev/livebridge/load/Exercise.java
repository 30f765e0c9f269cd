package dev.livebridge.load;

/** The workload of the talkers. */
enum Exercise {
    /** Speak, listen to the answer, think, sometimes interrupt. */
    TALK,
    /** Stream chunks that the simulator sends straight back. */
    ECHO
}
