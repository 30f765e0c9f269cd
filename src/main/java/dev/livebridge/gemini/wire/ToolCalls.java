package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The function calls of one connection. A call that comes in both forms, as a part of the model's turn and as a
 * {@code toolCall}, counts once. A result without a name gets the name of its call, since some models treat a result
 * without name as a failure. Bounded; safe to use from any thread.
 */
public final class ToolCalls {

    /** The oldest calls are forgotten first; a setup can declare 512 functions. */
    private static final int MAX_CALLS = 1_024;

    private final Map<String, Call> calls = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Call> eldest) {
            return size() > MAX_CALLS;
        }
    };

    private record Call(String name, boolean inPart) {}

    /** No calls yet. */
    public ToolCalls() {}

    /**
     * Takes note of the calls in a frame.
     *
     * @param messages the frame's messages
     * @return the same without calls that came before in the other form; a {@code toolCall} that only repeats parts
     *     becomes {@link ServerMessage.Unknown}, for dialects that pass everything on
     */
    public synchronized List<ServerMessage> onServerMessages(List<ServerMessage> messages) {
        if (messages.stream().noneMatch(ServerMessage.ToolCall.class::isInstance)) {
            return messages;
        }
        List<ServerMessage> once = new ArrayList<>(messages.size());
        for (ServerMessage message : messages) {
            if (!(message instanceof ServerMessage.ToolCall call)) {
                once.add(message);
            } else if (!repeats(call)) {
                once.add(call);
                note(call);
            } else if (!call.inPart()) {
                once.add(new ServerMessage.Unknown("", "toolCall", call.json()));
            }
        }
        return once;
    }

    private boolean repeats(ServerMessage.ToolCall call) {
        return !call.ids().isEmpty()
                && call.ids().stream().allMatch(id -> {
                    Call known = calls.get(id);
                    return known != null && known.inPart() != call.inPart();
                });
    }

    private void note(ServerMessage.ToolCall call) {
        for (ServerMessage.FunctionCall function : call.calls()) {
            if (function.id() != null) {
                calls.put(function.id(), new Call(function.name(), call.inPart()));
            }
        }
    }

    /** The results, with the names of their calls where they have none. */
    public ClientMessage.ToolResponse named(ClientMessage.ToolResponse response) {
        return new ClientMessage.ToolResponse(
                response.results().stream().map(this::named).toList());
    }

    private ClientMessage.FunctionResult named(ClientMessage.FunctionResult result) {
        String name = result.id() == null ? null : name(result.id());
        if (name == null || !(read(result.json()) instanceof ObjectNode json)) {
            return result;
        }
        if (!json.path("name").asText().isEmpty()) {
            return result;
        }
        return new ClientMessage.FunctionResult(result.id(), StrictJson.write(json.put("name", name)));
    }

    private synchronized @Nullable String name(String id) {
        Call call = calls.get(id);
        return call == null || call.name().isEmpty() ? null : call.name();
    }

    private static JsonNode read(String json) {
        try {
            return StrictJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("a message that was read before is not JSON", e);
        }
    }
}
