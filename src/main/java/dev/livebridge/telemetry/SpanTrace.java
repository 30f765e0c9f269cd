package dev.livebridge.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A conversation's span, and a child for each of its connections to the model. */
final class SpanTrace implements ConversationTrace {

    private static final AttributeKey<Long> TURN = AttributeKey.longKey("livebridge.turn");

    private final Tracer tracer;
    private final Span conversation;
    private final Context context;
    /** What {@link System#nanoTime()} is on the wall clock. */
    private final long epochNanos;

    private @Nullable Span connection;
    private @Nullable SpanContext former;
    private boolean ended;

    SpanTrace(Tracer tracer, Span conversation) {
        this.tracer = tracer;
        this.conversation = conversation;
        this.context = Context.root().with(conversation);
        Instant now = Instant.now();
        this.epochNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    }

    @Override
    public void follows(@Nullable String traceparent) {
        SpanContext before = TraceParent.read(traceparent);
        if (before.isValid()) {
            conversation.addLink(before);
        }
    }

    @Override
    public void answeredBy(String backend, String model) {
        conversation.setAttribute("livebridge.backend", backend);
        conversation.setAttribute("gen_ai.request.model", model);
    }

    @Override
    public void at(TurnPoint point, int turn, long atNanos) {
        conversation.addEvent(
                "livebridge.turn." + point.label(),
                Attributes.of(TURN, (long) turn),
                epochNanos + atNanos,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void connecting(String memory) {
        disconnected("over");
        if (ended) {
            return;
        }
        SpanBuilder builder = tracer.spanBuilder("livebridge.upstream")
                .setParent(context)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("livebridge.memory", memory);
        if (former != null) {
            builder.addLink(former);
        }
        connection = builder.startSpan();
        former = connection.getSpanContext();
    }

    @Override
    public synchronized void connected() {
        if (connection != null) {
            connection.addEvent("livebridge.upstream.ready");
        }
    }

    @Override
    public synchronized void disconnected(String reason) {
        if (connection != null) {
            connection.setAttribute("livebridge.upstream.left", reason);
            connection.end();
            connection = null;
        }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the caller closes it, as the interface says
    public Scope scope() {
        return context.makeCurrent()::close;
    }

    @Override
    public @Nullable String traceparent() {
        return TraceParent.write(conversation.getSpanContext());
    }

    @Override
    public synchronized void end(String cause, String dialect, boolean failed) {
        disconnected("over");
        ended = true;
        conversation.setAttribute("livebridge.dialect", dialect);
        conversation.setAttribute("livebridge.cause", cause);
        if (failed) {
            conversation.setStatus(StatusCode.ERROR);
        }
        conversation.end();
    }
}
