package dev.livebridge.browser.dialect;

import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages read from a frame so far. One bad member doesn't cost the others; the first fault is told, and so
 * is what was not passed on.
 */
final class PartialResult {

    private static final int MAX_LEFT_OUT = 8;
    private static final int MAX_NAME = 64;

    private final MemberRules rules;
    private final boolean oddPcm;
    private final List<ClientMessage> messages = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private @Nullable BadInputException fault;

    /** A reading in which a chunk of PCM must consist of whole samples. */
    PartialResult(MemberRules rules) {
        this(rules, false);
    }

    /**
     * Nothing yet.
     *
     * @param rules which members that are not known are passed on
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

    /** The rules that count. */
    MemberRules rules() {
        return rules;
    }

    /** Whether a member that is not known is passed on; if not, it is told. */
    boolean passesOn(String path, String name) {
        if (rules.unknownMembers()) {
            return true;
        }
        leaveOut(path, name);
        return false;
    }

    /** Keeps note of a member that is not passed on. */
    void leaveOut(String path, String name) {
        if (leftOut.size() < MAX_LEFT_OUT) {
            String shown = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
            leftOut.add(path.isEmpty() ? shown : path + "." + shown);
        }
    }

    /**
     * Looks whether a reference to a file is allowed.
     *
     * @throws BadInputException when it is not: without the file the message would say something else
     */
    void checkFile(String path) throws BadInputException {
        if (!rules.fileUris()) {
            throw notAllowed(path + " is not allowed here (livebridge.policy.file-uris)");
        }
    }

    /** Something that the operator does not allow, and whose absence would turn the meaning round. */
    static BadInputException notAllowed(String message) {
        return new BadInputException("not_allowed", message, List.of());
    }

    void add(ClientMessage message) {
        messages.add(message);
    }

    /** Does one step; its fault, if any, is kept for the end. */
    void attempt(Step step) {
        try {
            step.read();
        } catch (BadInputException e) {
            if (fault == null) {
                fault = e;
            }
        }
    }

    /** Everything in order, or the fault together with everything else. */
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
