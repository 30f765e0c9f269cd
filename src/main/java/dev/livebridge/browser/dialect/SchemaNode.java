package dev.livebridge.browser.dialect;

import dev.livebridge.json.FieldNames;
import java.util.HashMap;
import java.util.Map;

/** The schema of a member's value in Gemini's JSON, as far as the normalization needs it. */
sealed interface SchemaNode {

    /** A value without members of its own, or with members that are data. */
    enum Leaf implements SchemaNode {
        /** Scalars, free-form objects, JSON schemas, maps and unknown objects: passed on unchanged. */
        AS_IS,
        /** Bytes; normalized to standard base64. */
        BASE64,
        /** Names of enum constants; clients use any letter case. */
        UPPER_CASE
    }

    /**
     * A list; clients may omit the brackets if it has one element.
     *
     * @param element each element's shape
     */
    record ListOf(SchemaNode element) implements SchemaNode {}

    /**
     * A reference to a file, which Gemini would read with the operator's key.
     *
     * @param reference the object's shape
     */
    record File(Message reference) implements SchemaNode {}

    /**
     * An object with known members.
     *
     * @param bySpelling the members, found by their camelCase and by their snake_case spelling
     */
    record Message(Map<String, Member> bySpelling) implements SchemaNode {

        /** The same with more members that are passed on unchanged. */
        Message and(String... names) {
            Message more = this;
            for (String name : names) {
                more = more.with(name, Leaf.AS_IS);
            }
            return more;
        }

        /** The same with one more member. */
        Message with(String name, SchemaNode shape) {
            Map<String, Member> members = new HashMap<>(bySpelling);
            Member member = new Member(name, shape);
            members.put(name, member);
            members.put(FieldNames.snakeCase(name), member);
            return new Message(Map.copyOf(members));
        }
    }

    /**
     * A known member.
     *
     * @param name its canonical spelling
     * @param shape its value's shape
     */
    record Member(String name, SchemaNode shape) {}

    /** An object whose named members are passed on unchanged; {@link Message#with} adds others. */
    static Message message(String... names) {
        return new Message(Map.of()).and(names);
    }

    /** A list. */
    static ListOf listOf(SchemaNode element) {
        return new ListOf(element);
    }
}
