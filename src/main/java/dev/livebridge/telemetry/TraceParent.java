package dev.livebridge.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C trace context, version 00: {@code 00-<trace>-<span>-<flags>}. */
final class TraceParent {

    /** A later version may have more behind the flags, but not less before them. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-[!-~]*)?");

    private static final int MAX_LENGTH = 256;

    private TraceParent() {}

    /** Parses a header value; a malformed one gives an invalid context. */
    static SpanContext read(@Nullable String text) {
        if (text == null || text.length() > MAX_LENGTH) {
            return SpanContext.getInvalid();
        }
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || !TraceId.isValid(parts.group(1)) || !SpanId.isValid(parts.group(2))) {
            return SpanContext.getInvalid();
        }
        return SpanContext.createFromRemoteParent(
                parts.group(1), parts.group(2), TraceFlags.fromHex(parts.group(3), 0), TraceState.getDefault());
    }

    static String write(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }
}
