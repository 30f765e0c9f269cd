package dev.livebridge.json;

import java.util.Locale;

/** The two spellings of a protobuf field in JSON: camelCase and snake_case (gemini-live-api.md section 3). */
public final class FieldNames {

    private FieldNames() {}

    /** The snake_case spelling of a camelCase name: {@code mime_type} for {@code mimeType}. */
    public static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
