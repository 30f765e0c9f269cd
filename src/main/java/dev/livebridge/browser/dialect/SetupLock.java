package dev.livebridge.browser.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The locked setup of an ephemeral token (gemini-live-api.md section 2.3). Without a mask the setup of the client is
 * ignored. With a mask the named members are those of the locked setup; a named member that the locked setup lacks is
 * removed.
 *
 * <p>A resumption handle is no setting: the client's handle counts where the effective setup asks for handles.
 */
public final class SetupLock {

    /** Locks nothing. */
    public static final SetupLock NONE = new SetupLock(null, List.of());

    private static final Pattern DOT = Pattern.compile("\\.");
    private static final String RESUMPTION = "sessionResumption";
    private static final String HANDLE = "handle";
    private static final String GENERATION = "generationConfig";
    private static final String INSTRUCTION = "systemInstruction";
    private static final String TOOLS = "tools";

    private final @Nullable ObjectNode locked;
    private final List<String> mask;

    private SetupLock(@Nullable ObjectNode locked, List<String> mask) {
        this.locked = locked;
        this.mask = List.copyOf(mask);
    }

    /**
     * A lock.
     *
     * @param setup JSON in canonical spelling, see {@link LockedSetup}; {@code null} to lock nothing
     * @param mask paths, see {@link FieldMask}; empty to lock everything
     */
    public static SetupLock of(@Nullable String setup, List<String> mask) {
        if (setup == null) {
            return NONE;
        }
        try {
            return new SetupLock((ObjectNode) StrictJson.read(setup), mask);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("a locked setup was read before", e);
        }
    }

    /**
     * The effective setup.
     *
     * @param client the setup of the client, in canonical spelling; not changed
     */
    ObjectNode apply(ObjectNode client) {
        if (locked == null) {
            return client;
        }
        ObjectNode effective = mask.isEmpty() ? locked.deepCopy() : known(client);
        for (String path : mask) {
            overwrite(locked, effective, DOT.split(path, -1));
        }
        JsonNode handle = client.path(RESUMPTION).path(HANDLE);
        if (!handle.isMissingNode()
                && effective.get(RESUMPTION) instanceof ObjectNode resumption
                && !mask.contains(RESUMPTION + "." + HANDLE)
                && !resumption.has(HANDLE)) {
            resumption.set(HANDLE, handle);
        }
        return effective;
    }

    /** Whether the client may not replace the system instruction. */
    public boolean locksInstruction() {
        return locks(INSTRUCTION);
    }

    /**
     * Checks an update of the context, which must not replace what is locked.
     *
     * @param update {@code contextUpdate} in canonical spelling
     * @throws BadInputException naming the locked member
     */
    void checkUpdate(ObjectNode update) throws BadInputException {
        for (String member : List.of(INSTRUCTION, TOOLS)) {
            if (update.has(member) && locks(member)) {
                throw PartialResult.notAllowed("contextUpdate." + member + " is locked by the ephemeral token");
            }
        }
    }

    private boolean locks(String member) {
        return locked != null
                && (mask.isEmpty()
                        || mask.stream().anyMatch(path -> path.equals(member) || path.startsWith(member + ".")));
    }

    /**
     * The members that have a known place. A setting at a wrong place is moved to its own later, where it would replace
     * a locked one.
     */
    private static ObjectNode known(ObjectNode client) {
        ObjectNode known = known(client, GeminiSchema.SETUP);
        if (known.get(GENERATION) instanceof ObjectNode generation) {
            known.set(GENERATION, known(generation, GeminiSchema.GENERATION_CONFIG));
        }
        return known;
    }

    private static ObjectNode known(ObjectNode object, SchemaNode.Message shape) {
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (shape.bySpelling().containsKey(member.getKey())) {
                known.set(member.getKey(), member.getValue().deepCopy());
            }
        }
        return known;
    }

    private static void overwrite(ObjectNode from, ObjectNode to, String[] path) {
        JsonNode source = from;
        for (String name : path) {
            source = source.path(name);
        }
        ObjectNode parent = to;
        for (int i = 0; i < path.length - 1; i++) {
            if (parent.get(path[i]) instanceof ObjectNode child) {
                parent = child;
            } else if (source.isMissingNode()) {
                return;
            } else {
                parent = parent.putObject(path[i]);
            }
        }
        String last = path[path.length - 1];
        if (source.isMissingNode()) {
            parent.remove(last);
        } else {
            parent.set(last, source.deepCopy());
        }
    }
}
