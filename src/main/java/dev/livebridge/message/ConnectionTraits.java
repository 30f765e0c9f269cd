package dev.livebridge.message;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of one model behave (gemini-live-api.md section 20, rows 14 to 17).
 *
 * @param maxAge age at which a connection is renewed; {@code null} when the configured age decides
 * @param losesPrefilledContext whether a resumed session may lose {@code clientContent} of the first one, so that a
 *     conversation with such content is rebuilt and not resumed
 * @param dropsCallsSilently whether an interruption drops a pending {@code BLOCKING} call without
 *     {@code toolCallCancellation}
 */
public record ConnectionTraits(@Nullable Duration maxAge, boolean losesPrefilledContext, boolean dropsCallsSilently) {

    /** The traits of a model without peculiarities. */
    public static final ConnectionTraits USUAL = new ConnectionTraits(null, false, false);
}
