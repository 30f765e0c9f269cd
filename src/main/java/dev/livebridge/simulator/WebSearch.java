package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A simulated web search. Its pages are below the reserved domain {@code example.com}.
 *
 * @param query what was looked for
 */
record WebSearch(String query) {

    private static final Pattern REQUEST = Pattern.compile(
            "\\b(?:search(?: the web)?(?: for)?|google|look up|suche?(?: im netz)?(?: nach)?)\\b(.*)",
            Pattern.CASE_INSENSITIVE);
    private static final int PAGES = 2;

    /** The search that something typed asks for. */
    static Optional<WebSearch> wantedBy(String text) {
        Matcher request = REQUEST.matcher(text);
        if (!request.find()) {
            return Optional.empty();
        }
        String query = request.group(1).strip();
        return Optional.of(new WebSearch(query.isEmpty() ? text.strip() : query));
    }

    /** {@code groundingMetadata} as gemini-live-api.md section 5.2 describes it. */
    ObjectNode groundingMetadata() {
        ObjectNode metadata = Wire.object();
        metadata.putArray("webSearchQueries").add(query);
        for (int page = 1; page <= PAGES; page++) {
            metadata.withArray("groundingChunks")
                    .addObject()
                    .putObject("web")
                    .put("uri", "https://example.com/simulated/" + page)
                    .put("title", "Simulated page " + page);
        }
        return metadata;
    }
}
