package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.FieldNames;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The changes to one setup before it is sent to the model. Every change adds a notice for the client. */
final class SetupEdits {

    private static final int MAX_QUOTE = 64;

    /** Notices that a client gets one by one; the rest is summarised as a number. */
    static final int MAX_NOTICES = 32;

    private static final int MAX_NOTICE = 512;

    private final List<String> notices = new ArrayList<>();
    private int more;

    /** Adds a notice for the client. */
    void notice(String sentence) {
        if (notices.size() == MAX_NOTICES) {
            more++;
        } else {
            notices.add(cut(sentence));
        }
    }

    /** Names from the client can make a sentence too long. */
    private static String cut(String sentence) {
        if (sentence.length() <= MAX_NOTICE) {
            return sentence;
        }
        int end = Character.isHighSurrogate(sentence.charAt(MAX_NOTICE - 1)) ? MAX_NOTICE - 1 : MAX_NOTICE;
        return sentence.substring(0, end) + "…";
    }

    /** The notices in order; at most one more than {@link #MAX_NOTICES}. */
    List<String> notices() {
        List<String> all = new ArrayList<>(notices);
        if (more > 0) {
            all.add("The setup was changed in " + more + " more places, which are not listed.");
        }
        return List.copyOf(all);
    }

    /**
     * Leaves a field out, if it is there.
     *
     * @param why continues the sentence that begins with the field's name
     */
    void drop(ObjectNode parent, String field, String why) {
        if (take(parent, field) != null) {
            notice(field + " " + why + "; it was left out.");
        }
    }

    /** Moves a field to its place; a value that is already there wins. */
    void move(String field, ObjectNode from, String fromName, ObjectNode to, String toName) {
        JsonNode value = take(from, field);
        if (value == null) {
            return;
        }
        if (to.has(field)) {
            notice(field + " stands in " + toName + " and in " + fromName + "; only the first counts.");
        } else {
            to.set(field, value);
            notice(field + " belongs in " + toName + ", not in " + fromName + "; it was moved.");
        }
    }

    /** Removes a field in either spelling: dialects only rename fields that they know at this place. */
    private static @Nullable JsonNode take(ObjectNode parent, String field) {
        JsonNode camelCase = parent.remove(field);
        JsonNode snakeCase = parent.remove(FieldNames.snakeCase(field));
        return camelCase == null ? snakeCase : camelCase;
    }

    /** Removes members that are {@code null}, which the wire takes for absent (gemini-live-api.md section 3). */
    static void removeNulls(ObjectNode object) {
        object.properties().removeIf(member -> member.getValue().isNull());
    }

    /**
     * The object that a field holds, created when there is none.
     *
     * @throws UpstreamRefusedException when it holds something else
     */
    static ObjectNode object(ObjectNode parent, String field, String path) throws UpstreamRefusedException {
        return switch (parent.get(field)) {
            case null -> parent.putObject(field);
            case ObjectNode object -> object;
            case JsonNode other -> throw refused(path + " must be a JSON object.");
        };
    }

    /** A client's value for a sentence: quoted, short, one line. */
    static String quote(String value) {
        String line = Secrets.scrub(value, List.of());
        return "\"" + (line.length() <= MAX_QUOTE ? line : line.substring(0, MAX_QUOTE) + "…") + "\"";
    }

    /** The setup can't be honoured. */
    static UpstreamRefusedException refused(String message) {
        return new UpstreamRefusedException(new UpstreamEnd(1007, EndCause.BAD_SETUP, RetryClass.NEVER, message));
    }
}
