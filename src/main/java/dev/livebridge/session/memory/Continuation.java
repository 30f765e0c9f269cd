package dev.livebridge.session.memory;

import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.TranscriptEntry;
import java.util.List;

/** What a new connection to the model shall know of the conversation (gemini-live-api.md section 9). */
public sealed interface Continuation {

    /** What it is called toward clients and in meters. */
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
     * Everything up to a snapshot that Gemini itself keeps.
     *
     * @param handle the newest resumption handle
     * @param model the model that made it, without prefix; a handle is good for no other
     */
    record Resumed(String handle, String model) implements Continuation {}

    /**
     * What was said, told anew to a fresh session, because there is no handle or Gemini refused it.
     *
     * @param transcript oldest first; may be empty
     * @param model the model that answered so far, without prefix
     */
    record Rebuilt(List<TranscriptEntry> transcript, String model) implements Continuation {
        public Rebuilt {
            transcript = List.copyOf(transcript);
        }
    }
}
