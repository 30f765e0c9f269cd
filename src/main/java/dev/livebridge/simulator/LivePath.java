package dev.livebridge.simulator;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the service's sockets was dialled (gemini-live-api.md section 2.1).
 *
 * @param version {@code v1}, {@code v1alpha} or {@code v1beta}
 * @param constrained whether it is the method for ephemeral tokens
 */
record LivePath(String version, boolean constrained) {

    /** One SDK asks for {@code //ws} when its base URL is changed. */
    private static final Pattern PATH = Pattern.compile(
            "//?ws/google\\.ai\\.generativelanguage\\.(v1(?:alpha|beta)?)\\.GenerativeService\\.BidiGenerateContent(Constrained)?");

    static Optional<LivePath> of(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches()
                ? Optional.of(new LivePath(matcher.group(1), matcher.group(2) != null))
                : Optional.empty();
    }
}
