package dev.livebridge.browser.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages read from a frame so far. A fault in one member does not affect the others; the first fault and the
 * members that are not passed on are reported.
 */
final class PartialResult {

    private static final int MAX_LEFT_OUT = 8;
    static final int MAX_NAME = 64;

    private final MemberRules rules;
    private final boolean oddPcm;
    private final List<ClientMessage> messages = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private @Nullable BadInputException fault;

    /** An empty result; chunks of PCM must consist of whole samples. */
    PartialResult(MemberRules rules) {
        this(rules, false);
    }

    /**
     * An empty result.
     *
     * @param rules whether unknown members are passed on
     * @param oddPcm whether a chunk of PCM may end in the middle of a sample
     */
    PartialResult(MemberRules rules, boolean oddPcm) {
        this.rules = rules;
        this.oddPcm = oddPcm;
    }

    /** Whether a chunk of PCM may end in the middle of a sample. */
    boolean takesOddPcm() {
        return oddPcm;
    }

    /** Reads one member of the frame. */
    @FunctionalInterface
    interface Step {
        void read() throws BadInputException;
    }

    /** The rules for members. */
    MemberRules rules() {
        return rules;
    }

    /** Whether an unknown member is passed on; if not, it is recorded. */
    boolean passesOn(String path, String name) {
        if (rules.unknownMembers()) {
            return true;
        }
        leaveOut(path, name);
        return false;
    }

    /** Passes on an unknown member as a message of its own, or records it. */
    void readUnknown(String path, String name, JsonNode value) {
        if (passesOn(path, name)) {
            add(new ClientMessage.Unknown(path, name, StrictJson.write(value)));
        }
    }

    /** Records a member that is not passed on. */
    void leaveOut(String path, String name) {
        if (leftOut.size() < MAX_LEFT_OUT) {
            String shown = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
            leftOut.add(path.isEmpty() ? shown : path + "." + shown);
        }
    }

    /**
     * Checks that a reference to a file is allowed.
     *
     * @throws BadInputException if it is not: without the file the message would have another meaning
     */
    void checkFile(String path) throws BadInputException {
        if (!rules.fileUris()) {
            throw notAllowed(path + " is not allowed here (livebridge.policy.file-uris)");
        }
    }

    /**
     * The fault of a member that the operator does not allow and that can't be removed without changing the meaning.
     */
    static BadInputException notAllowed(String message) {
        return new BadInputException("not_allowed", message, List.of());
    }

    void add(ClientMessage message) {
        messages.add(message);
    }

    /** Runs one step and records its fault, if any. */
    void attempt(Step step) {
        try {
            step.read();
        } catch (BadInputException e) {
            if (fault == null) {
                fault = e;
            }
        }
    }

    /**
     * All messages, in order.
     *
     * @throws BadInputException the first fault, with all messages
     */
    List<ClientMessage> finish() throws BadInputException {
        // A first frame without a valid message opens no session.
        if (!leftOut.isEmpty() && (fault == null || !messages.isEmpty())) {
            messages.add(new ClientMessage.LeftOut(leftOut));
        }
        if (fault != null) {
            throw new BadInputException(fault.code(), String.valueOf(fault.getMessage()), messages);
        }
        return messages;
    }
}
