package dev.livebridge.load;

import org.jspecify.annotations.Nullable;

/** Somebody who opened the page and went away. */
final class IdlePerson implements Person {

    @Override
    public void onReady(boolean fresh) {
        // There is nothing to say.
    }

    @Override
    public void onDisconnected() {
        // Nobody listens.
    }

    @Override
    public void onConversationLost() {
        // Nobody listens.
    }

    @Override
    public void onServiceMessage(ServiceMessage message) {
        // Nobody listens.
    }

    @Override
    public byte @Nullable [] chunk(long dueNanos) {
        return null;
    }

    @Override
    public void finish() {
        // Nothing was begun.
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
