package dev.livebridge.session.memory;

import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.TranscriptEntry;
import java.util.List;

/** What a new connection to the model is given of the conversation (gemini-live-api.md section 9). */
public sealed interface Continuation {

    /** Its name toward clients and in metrics. */
    default Memory remembers() {
        return switch (this) {
            case New() -> Memory.NEW;
            case Resumed _ -> Memory.RESUMED;
            case Rebuilt _ -> Memory.REBUILT;
        };
    }

    /** Nothing: the conversation begins. */
    record New() implements Continuation {}

    /**
     * A resumption handle, which stands for Gemini's own snapshot of the conversation.
     *
     * @param handle the newest resumption handle
     * @param model the model that made it, without prefix; a handle is valid for this model only
     */
    record Resumed(String handle, String model) implements Continuation {}

    /**
     * The transcript, sent to a new Gemini session, because there is no handle or Gemini refused it.
     *
     * @param transcript oldest first; may be empty
     * @param model the model of the conversation, without prefix
     */
    record Rebuilt(List<TranscriptEntry> transcript, String model) implements Continuation {
        public Rebuilt {
            transcript = List.copyOf(transcript);
        }
    }
}
