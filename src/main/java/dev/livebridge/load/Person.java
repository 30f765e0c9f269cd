package dev.livebridge.load;

import org.jspecify.annotations.Nullable;

/** The behaviour of a talker in its conversation. All methods are called on one event loop. */
interface Person {

    /**
     * The conversation starts or continues.
     *
     * @param fresh whether it is a new one
     */
    void onReady(boolean fresh);

    /** The connection is lost; another one replaces it, or {@link #onConversationLost} follows. */
    void onDisconnected();

    /** The conversation was lost: neither side ended it on purpose. */
    void onConversationLost();

    /** Audio, an interruption, or the end of a turn. */
    void onServiceMessage(ServiceMessage message);

    /**
     * The next chunk of the microphone.
     *
     * @param dueNanos when it is due; it holds the audio up to that time
     * @return {@code null} when the microphone is off
     */
    byte @Nullable [] chunk(long dueNanos);

    /** Starts no new turn from now on. */
    void finish();

    /** Whether all expected answers have arrived. */
    boolean isSettled();

    /** Counts missing answers as lost. */
    void giveUp();
}
