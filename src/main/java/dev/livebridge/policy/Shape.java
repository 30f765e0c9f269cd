package dev.livebridge.policy;

import java.util.LinkedHashMap;
import java.util.Map;

/** The type of a setup's member (gemini-live-api.md sections 3 and 4). */
sealed interface Shape {

    /** A value without members of its own, or with members that are data. */
    enum Scalar implements Shape {
        /** A string. */
        TEXT("a string"),
        /** {@code true} or {@code false}, also as a string. */
        FLAG("true or false"),
        /** A whole number of 32 bits; {@code 40.0} and {@code "40"} count as one. */
        INT32("a whole number of 32 bits"),
        /** A whole number of 64 bits, usually as a string. */
        INT64("a whole number of 64 bits"),
        /** A finite number that a float can hold, also as a string. */
        NUMBER("a number"),
        /** The name of a value, or its number. */
        ENUM("a string"),
        /** Base64. */
        BYTES("a base64 string"),
        /** Free JSON: a schema of a function, or the settings of a tool that the operator allows. */
        JSON("JSON");

        private final String expected;

        Scalar(String expected) {
            this.expected = expected;
        }

        /** The expected type, for error messages. */
        String expected() {
            return expected;
        }
    }

    /**
     * A list.
     *
     * @param element each element's type
     */
    record ListOf(Shape element) implements Shape {}

    /** An object whose keys are data and whose values are strings. */
    record Labels() implements Shape {}

    /**
     * An object with known members; all others are left out.
     *
     * @param members by their camelCase name
     */
    record Message(Map<String, Member> members) implements Shape {

        /** The same with more members of one type that need no permission. */
        Message with(Shape shape, String... names) {
            Message more = this;
            for (String name : names) {
                more = more.with(name, shape, Allowance.Fixed.NOTHING);
            }
            return more;
        }

        /** The same with one more member. */
        Message with(String name, Shape shape, Allowance allowance) {
            Map<String, Member> more = new LinkedHashMap<>(members);
            more.put(name, new Member(shape, allowance));
            return new Message(more);
        }
    }

    /**
     * A row of the table.
     *
     * @param shape its type
     * @param allowance the permission it needs
     */
    record Member(Shape shape, Allowance allowance) {}

    /** An object without members; {@code with} adds them. */
    static Message message() {
        return new Message(Map.of());
    }
}
