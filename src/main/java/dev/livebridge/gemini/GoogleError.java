package dev.livebridge.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** The error object that Google's services answer over HTTP (gemini-live-api.md section 2.4). */
final class GoogleError {

    private static final ObjectMapper JSON = new ObjectMapper();

    private GoogleError() {}

    /** The error message in a body; empty when there is none, as in an HTML page of a proxy. */
    static String messageIn(@Nullable String body) {
        if (body == null || body.isBlank() || body.stripLeading().startsWith("<")) {
            return "";
        }
        try {
            JsonNode root = JSON.readTree(body);
            // The list endpoints wrap the object in an array.
            JsonNode error = root.isArray() ? root.path(0) : root;
            return error.path("error").path("message").asText("");
        } catch (JsonProcessingException e) {
            return body;
        }
    }
}
