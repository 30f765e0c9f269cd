package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A function the client offers.
 *
 * @param blocking whether the model waits for its answer
 * @param parameters its schema, in either of the two dialects
 */
record DeclaredFunction(String name, boolean blocking, JsonNode parameters) {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    static DeclaredFunction of(JsonNode declaration, ModelFamily family) {
        boolean blocking = switch (declaration.path("behavior").asText()) {
            case "BLOCKING" -> true;
            case "NON_BLOCKING" -> false;
            default -> family.blocksByDefault();
        };
        JsonNode schema = declaration.has("parameters")
                ? declaration.path("parameters")
                : declaration.path("parametersJsonSchema");
        return new DeclaredFunction(declaration.path("name").asText(), blocking, schema);
    }

    /** Whether a text asks for it by its name, with underscores or blanks, and does not forbid the call. */
    boolean isNamedIn(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (forbidsCalls(text)) {
            return false;
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        return lower.contains(wanted) || lower.contains(wanted.replace('_', ' '));
    }

    /** Whether a text asks for no call at all. */
    static boolean forbidsCalls(String text) {
        return text.toLowerCase(Locale.ROOT).contains("do not call");
    }

    /** Values for its parameters, taken from what was typed: words for strings, the first number for numbers. */
    ObjectNode argumentsFrom(String text) {
        ObjectNode arguments = Wire.object();
        for (Map.Entry<String, JsonNode> property :
                parameters.path("properties").properties()) {
            switch (property.getValue().path("type").asText().toUpperCase(Locale.ROOT)) {
                case "STRING" -> arguments.put(property.getKey(), afterName(text));
                case "NUMBER", "INTEGER" -> arguments.put(property.getKey(), firstNumber(text));
                case "BOOLEAN" -> arguments.put(property.getKey(), true);
                default -> {}
            }
        }
        return arguments;
    }

    private String afterName(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int at = Math.max(
                lower.indexOf(name.toLowerCase(Locale.ROOT)),
                lower.indexOf(name.toLowerCase(Locale.ROOT).replace('_', ' ')));
        String rest = at < 0 ? "" : text.substring(at + name.length()).strip();
        return rest.isEmpty() ? text : rest;
    }

    private static double firstNumber(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group()) : 1;
    }
}
