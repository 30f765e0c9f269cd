package dev.livebridge.agents;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A variable of an agent's templates, whose value the client gives. A value is data: the templates write a text as a
 * JSON string.
 *
 * @param name in the templates and at the client
 * @param type of its value
 * @param maxLength of a text, in characters (code points)
 * @param min of a number, {@code null} for none
 * @param max of a number, {@code null} for none
 * @param choices of a choice, else empty
 * @param otherwise the value when the client gives none; {@code null} when the client must give one
 */
record Variable(
        String name,
        Type type,
        int maxLength,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        List<String> choices,
        @Nullable Object otherwise) {

    static final int DEFAULT_MAX_LENGTH = 200;
    static final int MAX_MAX_LENGTH = 2_000;

    private static final int MAX_NUMBER_CHARACTERS = 20;

    Variable {
        choices = List.copyOf(choices);
    }

    /** The type of a value. */
    enum Type {
        /** A text; {@link String} in the templates. */
        TEXT,
        /** A number; {@link BigDecimal}. */
        NUMBER,
        /** Yes or no; {@link Boolean}. */
        SWITCH,
        /** One of some texts; {@link String}. */
        CHOICE
    }

    /** A value is not valid; the message is the predicate of a sentence about the variable, without the value. */
    static final class InvalidValueException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String predicate;

        InvalidValueException(String predicate) {
            super(predicate, null, false, false);
            this.predicate = predicate;
        }

        String predicate() {
            return predicate;
        }
    }

    /**
     * Reads a value. A number and a switch may come as a text, as from a query.
     *
     * @throws InvalidValueException when it is of another type, or not allowed
     */
    Object read(JsonNode value) throws InvalidValueException {
        return switch (type) {
            case TEXT -> {
                String text = text(value, "must be a text");
                if (text.codePointCount(0, text.length()) > maxLength) {
                    throw new InvalidValueException("must have at most " + maxLength + " characters");
                }
                yield text;
            }
            case NUMBER -> number(value);
            case SWITCH ->
                switch (value.asText()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new InvalidValueException("must be true or false");
                };
            case CHOICE -> {
                String expected = "must be one of " + String.join(", ", choices);
                String text = text(value, expected);
                if (!choices.contains(text)) {
                    throw new InvalidValueException(expected);
                }
                yield text;
            }
        };
    }

    private static String text(JsonNode value, String expected) throws InvalidValueException {
        if (!value.isTextual()) {
            throw new InvalidValueException(expected);
        }
        return value.textValue();
    }

    private BigDecimal number(JsonNode value) throws InvalidValueException {
        String written = value.isNumber() || value.isTextual() ? value.asText() : "";
        // No exponent: it would make a short value long.
        if (written.length() > MAX_NUMBER_CHARACTERS || !written.matches("-?\\d+(\\.\\d+)?")) {
            throw new InvalidValueException("must be a number of at most " + MAX_NUMBER_CHARACTERS + " characters");
        }
        BigDecimal number = new BigDecimal(written);
        if ((min != null && number.compareTo(min) < 0) || (max != null && number.compareTo(max) > 0)) {
            throw new InvalidValueException("must be " + range());
        }
        return number;
    }

    private String range() {
        if (min == null) {
            return "at most " + max;
        }
        return max == null ? "at least " + min : "from " + min + " to " + max;
    }
}
