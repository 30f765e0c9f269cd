package dev.livebridge.browser.dialect;

import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has been understood of a frame so far. One bad member doesn't cost the others; the first fault is told. */
final class Reading {

    private final List<ClientMessage> understood = new ArrayList<>();
    private @Nullable BadInputException fault;

    /** Reads one member of the frame. */
    @FunctionalInterface
    interface Step {
        void read() throws BadInputException;
    }

    void add(ClientMessage message) {
        understood.add(message);
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
        if (fault != null) {
            throw new BadInputException(fault.code(), String.valueOf(fault.getMessage()), understood);
        }
        return understood;
    }
}
