package dev.livebridge.load;

import org.jspecify.annotations.Nullable;

/** What a talker does with its conversation. Everything is called on one event loop. */
interface Person {

    /**
     * The conversation can begin, or goes on.
     *
     * @param fresh whether it is a new one
     */
    void onReady(boolean fresh);

    /** The connection is gone; another will take its place, or {@link #onConversationLost} follows. */
    void onDisconnected();

    /** The conversation is over although nobody hung up. */
    void onConversationLost();

    /** Sound, or a word about the turn. */
    void onServiceMessage(ServiceMessage message);

    /**
     * The next chunk of the microphone.
     *
     * @param dueNanos when it is due; it holds the sound up to that moment
     * @return {@code null} when the microphone is off
     */
    byte @Nullable [] chunk(long dueNanos);

    /** Says nothing new from now on. */
    void finish();

    /** Whether nothing is owed to it any more. */
    boolean isSettled();

    /** Counts what is still owed as lost. */
    void giveUp();
}
