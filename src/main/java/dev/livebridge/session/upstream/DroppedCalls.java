package dev.livebridge.session.upstream;

import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.FunctionCall;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Detects calls of {@code BLOCKING} functions that a model drops without {@code toolCallCancellation}
 * (gemini-live-api.md section 20 row 17). The model ignores their results, and may call the function again, so the
 * client has to know.
 *
 * <p>A model sends nothing while it waits for a blocking function. An {@code interrupted}, or content after an input
 * transcription, therefore shows that it no longer waits. One object per connection, guarded by the
 * {@code UpstreamConnection}.
 */
public final class DroppedCalls {

    private final Set<String> waiting = new LinkedHashSet<>();
    private Set<String> blockingFunctions = Set.of();
    private boolean userSpoke;

    /**
     * Watches calls of these functions from now on.
     *
     * @param functions the names of the functions that block the model
     */
    public void watch(Set<String> functions) {
        blockingFunctions = functions;
    }

    /**
     * Takes a message, in the order of the wire.
     *
     * @return the ids of the calls that, as this message shows, the model has dropped; usually none
     */
    public List<String> onServerMessage(ServerMessage message) {
        if (blockingFunctions.isEmpty()) {
            return List.of();
        }
        return switch (message) {
            case ServerMessage.ToolCall call -> {
                List<String> dropped = userSpoke ? drop() : List.of();
                call.calls().forEach(this::onCall);
                userSpoke = false;
                yield dropped;
            }
            case ServerMessage.ToolCallCancellation cancellation -> {
                onResults(cancellation.ids());
                yield List.of();
            }
            case ServerMessage.Interrupted _ -> drop();
            case ServerMessage.ModelOutput _ -> userSpoke ? drop() : List.of();
            case ServerMessage.Transcription transcription -> {
                if (transcription.source() == TranscriptSource.OUTPUT) {
                    yield userSpoke ? drop() : List.of();
                }
                userSpoke |= !transcription.text().isBlank();
                yield List.of();
            }
            case ServerMessage.Grounding _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ -> List.of();
        };
    }

    /** These calls are answered, or cancelled by the model. */
    public void onResults(Collection<String> ids) {
        waiting.removeAll(ids);
    }

    private void onCall(FunctionCall call) {
        if (call.id() != null && blockingFunctions.contains(call.name())) {
            waiting.add(call.id());
        }
    }

    private List<String> drop() {
        List<String> dropped = new ArrayList<>(waiting);
        waiting.clear();
        return dropped;
    }
}
