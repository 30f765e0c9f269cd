package dev.livebridge.load;

import org.jspecify.annotations.Nullable;

/** A talker that only keeps its session open. */
final class IdlePerson implements Person {

    @Override
    public void onReady(boolean fresh) {
        // Ignored.
    }

    @Override
    public void onDisconnected() {
        // Ignored.
    }

    @Override
    public void onConversationLost() {
        // Ignored.
    }

    @Override
    public void onServiceMessage(ServiceMessage message) {
        // Ignored.
    }

    @Override
    public byte @Nullable [] chunk(long dueNanos) {
        return null;
    }

    @Override
    public void finish() {
        // Nothing to finish.
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public void giveUp() {
        // Nothing is owed.
    }
}
