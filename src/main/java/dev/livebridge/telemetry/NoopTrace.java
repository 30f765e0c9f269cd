package dev.livebridge.telemetry;

import org.jspecify.annotations.Nullable;

/** The trace when tracing is off. */
final class NoopTrace implements ConversationTrace {

    private static final Scope NOTHING = () -> {};

    @Override
    public void follows(@Nullable String traceparent) {}

    @Override
    public void answeredBy(String backend, String model) {}

    @Override
    public void at(TurnPoint point, int turn, long atNanos) {}

    @Override
    public void connecting(String memory) {}

    @Override
    public void connected() {}

    @Override
    public void disconnected(String reason) {}

    @Override
    public Scope scope() {
        return NOTHING;
    }

    @Override
    public @Nullable String traceparent() {
        return null;
    }

    @Override
    public void end(String cause, String dialect, boolean failed) {}
}
