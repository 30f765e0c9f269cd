package dev.livebridge.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Begins the traces of conversations; see {@code docs/tracing.md}. */
@Singleton
public class Tracing {

    private final @Nullable Tracer tracer;

    /**
     * Tracing as it is configured.
     *
     * @param telemetry the entry point of OpenTelemetry
     * @param disabled whether nothing is traced
     */
    @Inject
    public Tracing(
            OpenTelemetry telemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true") boolean disabled) {
        this.tracer = disabled ? null : telemetry.getTracer("dev.livebridge");
    }

    private Tracing() {
        this.tracer = null;
    }

    /** Tracing that is off. */
    public static Tracing off() {
        return new Tracing();
    }

    /**
     * A session starts with the upgrade of its client's socket.
     *
     * @param session the session's id
     * @param traceparent of the upgrade request; {@code null} when it had none
     */
    public ConversationTrace begin(String session, @Nullable String traceparent) {
        Tracer open = tracer;
        if (open == null) {
            return ConversationTrace.NONE;
        }
        Context parent = Context.root();
        var caller = TraceParent.read(traceparent);
        if (caller.isValid()) {
            parent = parent.with(Span.wrap(caller));
        }
        Span span = open.spanBuilder("livebridge.conversation")
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("livebridge.session", session)
                .startSpan();
        return new SpanTrace(open, span);
    }
}
