package dev.livebridge.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may stand in a field of a client message, by the protobuf-to-JSON mapping (gemini-live-api.md section 3). */
sealed interface WireType {

    /** Types without a table of their own. */
    enum Scalar implements WireType {
        BOOL,
        INT32,
        INT64,
        FLOAT,
        STRING,
        BYTES,
        DURATION,
        /** Any JSON: {@code Struct} and {@code Value}. Keys below it are data and stay as they are. */
        FREE
    }

    /**
     * An enumeration; the number of a value is its place in the list.
     *
     * @param name as it stands in the service's error text
     * @param anyCase whether names are taken in any letter case
     */
    record EnumOf(String name, List<String> values, boolean anyCase) implements WireType {

        static EnumOf of(String name, String... values) {
            return new EnumOf(name, List.of(values), false);
        }

        /** One that Google's own examples, or SDKs in wide use, write in lower case. */
        static EnumOf inAnyCase(String name, String... values) {
            return new EnumOf(name, List.of(values), true);
        }

        /** The value of this name, {@code null} when there is none. */
        @Nullable
        String named(String text) {
            return values.stream()
                    .filter(value -> anyCase ? value.equalsIgnoreCase(text) : value.equals(text))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A repeated field. As in Google's other APIs a single value is taken for a list of one. */
    record ListOf(WireType element) implements WireType {}

    /** Keys are data, values have a type. */
    record MapOf(WireType value) implements WireType {}

    /** A message: its fields by name. Built step by step, because some messages contain themselves. */
    final class Message implements WireType {

        private final Map<String, Field> fields = new HashMap<>();

        /** Adds a field under its camelCase name; the snake_case name follows from it. */
        Message with(String name, WireType type) {
            Field field = new Field(name, snakeCase(name), type);
            fields.put(field.name(), field);
            fields.put(field.snakeName(), field);
            return this;
        }

        /** Adds several fields of one type. */
        Message with(WireType type, String... names) {
            for (String name : names) {
                with(name, type);
            }
            return this;
        }

        @Nullable
        Field field(String name) {
            return fields.get(name);
        }

        private static String snakeCase(String name) {
            StringBuilder snake = new StringBuilder(name.length() + 8);
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (Character.isUpperCase(c)) {
                    snake.append('_');
                }
                snake.append(c);
            }
            return snake.toString().toLowerCase(Locale.ROOT);
        }
    }

    /** A field under both of its names. */
    record Field(String name, String snakeName, WireType type) {}
}
