package dev.livebridge.load;

/** What talkers do with the service. */
enum Exercise {
    /** Speak, listen to the answer, think, sometimes interrupt. */
    TALK,
    /** Stream chunks that the simulator sends straight back. */
    ECHO
}
