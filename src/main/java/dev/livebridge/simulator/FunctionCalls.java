package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The calls a client has not answered yet (gemini-live-api.md section 8). */
final class FunctionCalls {

    private final Map<String, Call> open = new LinkedHashMap<>();

    /** One call. */
    record Call(String id, DeclaredFunction function, ObjectNode arguments) {}

    /** When the model speaks about the answer of a call that did not block. */
    enum Scheduling {
        SILENT,
        WHEN_IDLE,
        INTERRUPT;

        /** Stands beside {@code response} or inside it; both are taken. */
        static Scheduling of(JsonNode response) {
            String beside = response.path("scheduling").asText();
            String named = beside.isEmpty()
                    ? response.path("response").path("scheduling").asText()
                    : beside;
            return switch (named) {
                case "SILENT" -> SILENT;
                case "INTERRUPT" -> INTERRUPT;
                default -> WHEN_IDLE;
            };
        }
    }

    Call open(DeclaredFunction function, String text) {
        Call call = new Call("function-call-" + UUID.randomUUID(), function, function.argumentsFrom(text));
        open.put(call.id(), call);
        return call;
    }

    /** The call a response belongs to; it stays open when more responses will follow. Empty for a call unknown here. */
    Optional<Call> answered(JsonNode response) {
        String id = response.path("id").asText();
        return Optional.ofNullable(response.path("willContinue").asBoolean() ? open.get(id) : open.remove(id));
    }

    boolean anyOpen() {
        return !open.isEmpty();
    }

    boolean anyBlocking() {
        return open.values().stream().anyMatch(call -> call.function().blocking());
    }

    /** Gives up the calls the model was waiting for. */
    List<String> cancelBlocking() {
        List<String> ids = new ArrayList<>();
        open.values().removeIf(call -> {
            if (call.function().blocking()) {
                ids.add(call.id());
            }
            return call.function().blocking();
        });
        return ids;
    }
}
