package dev.livebridge.load;

import org.jspecify.annotations.Nullable;

/** Somebody who opened the page and went away. */
final class IdlePerson implements Person {

    @Override
    public void ready(boolean fresh) {
        // There is nothing to say.
    }

    @Override
    public void disconnected() {
        // Nobody listens.
    }

    @Override
    public void lost() {
        // Nobody listens.
    }

    @Override
    public void heard(ServiceMessage heard) {
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
