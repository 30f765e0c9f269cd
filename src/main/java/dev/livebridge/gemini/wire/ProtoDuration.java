package dev.livebridge.gemini.wire;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf's spelling of a duration: seconds with up to nine decimals and an {@code s} (gemini-live-api.md section 3).
 */
final class ProtoDuration {

    /** Twelve digits are what protobuf allows, about 10,000 years. */
    private static final Pattern FORM = Pattern.compile("(-?)([0-9]{1,12})(?:\\.([0-9]{1,9}))?s");

    private ProtoDuration() {}

    /**
     * Reads a duration such as {@code 50s}, {@code 9.5s} or {@code 0.200s}.
     *
     * @return {@code null} when it isn't one
     */
    static @Nullable Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String fraction = matcher.group(3) == null ? "" : matcher.group(3);
        long nanos = Long.parseLong(fraction + "0".repeat(9 - fraction.length()));
        Duration amount = Duration.ofSeconds(Long.parseLong(matcher.group(2)), nanos);
        return matcher.group(1).isEmpty() ? amount : amount.negated();
    }
}
