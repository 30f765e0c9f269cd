package dev.livebridge.browser.dialect;

import dev.livebridge.json.FieldNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a field mask of an ephemeral token: comma-separated paths into a setup (gemini-live-api.md section 2.3). Both
 * spellings of a name are accepted. A path ends at a list: the JavaScript SDK names elements by their index, but a lock
 * applies to a whole list.
 */
public final class FieldMask {

    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern DOT = Pattern.compile("\\.");
    private static final Pattern INDEX = Pattern.compile("\\d{1,6}");

    /** Its keys are data. */
    private static final String LABELS = "labels";

    private FieldMask() {}

    /**
     * The paths of a mask, in canonical spelling, each once.
     *
     * @param text may be blank, for no path
     * @throws BadInputException if a path names no member of a setup: a lock that has no effect would stay unnoticed
     */
    public static List<String> parse(String text) throws BadInputException {
        if (text.isBlank()) {
            return List.of();
        }
        Set<String> paths = new LinkedHashSet<>();
        for (String path : COMMA.split(text, -1)) {
            paths.add(canonical(path.strip()));
        }
        return List.copyOf(paths);
    }

    private static String canonical(String path) throws BadInputException {
        List<String> names = new ArrayList<>();
        SchemaNode shape = GeminiSchema.SETUP;
        boolean inList = false;
        for (String segment : DOT.split(path, -1)) {
            if (shape instanceof SchemaNode.ListOf(SchemaNode element)) {
                inList = true;
                shape = element;
                if (INDEX.matcher(segment).matches()) {
                    continue;
                }
            }
            if (shape instanceof SchemaNode.Leaf && names.equals(List.of(LABELS)) && !segment.isEmpty()) {
                names.add(segment);
                continue;
            }
            SchemaNode.Member member = members(shape, path).bySpelling().get(segment);
            if (member == null) {
                throw unknown(path);
            }
            shape = member.shape();
            if (!inList) {
                names.add(member.name());
            }
        }
        return String.join(".", names);
    }

    private static SchemaNode.Message members(SchemaNode shape, String path) throws BadInputException {
        return switch (shape) {
            case SchemaNode.Message message -> message;
            case SchemaNode.File(SchemaNode.Message reference) -> reference;
            case SchemaNode.ListOf _, SchemaNode.Leaf _ -> throw unknown(path);
        };
    }

    private static BadInputException unknown(String path) {
        String shown = path.length() <= PartialResult.MAX_NAME ? path : path.substring(0, PartialResult.MAX_NAME) + "…";
        return new BadInputException(
                "bad_mask",
                "Invalid field mask: \"" + shown + "\" is no path of a "
                        + FieldNames.snakeCase("bidiGenerateContentSetup") + ".",
                List.of());
    }
}
