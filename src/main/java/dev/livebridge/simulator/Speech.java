package dev.livebridge.simulator;

/**
 * A piece of speech.
 *
 * @param samples 24 kHz
 * @param transcript what is said
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Speech(short[] samples, String transcript) {}
