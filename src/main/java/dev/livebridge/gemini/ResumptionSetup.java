package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.gemini.LiveModel.History;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.session.memory.Continuation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The members that the gateway adds to a fitted setup so that the conversation outlives its connection
 * (gemini-live-api.md section 9): the request for resumption handles, or the handle itself; transcripts, which a
 * rebuild needs; and the earlier turns where no handle is available.
 */
record ResumptionSetup(LiveModel model, Continuation continuation) {

    /** The last turn of a history that must end with a user turn; worded so that the model may read it. */
    private static final TranscriptEntry GOES_ON =
            new TranscriptEntry(TranscriptEntry.Role.USER, "(The connection was renewed. The conversation goes on.)");

    /**
     * The setup as it goes upstream.
     *
     * @param fitted the setup that was fitted to the model, JSON
     */
    String setup(String fitted) {
        ObjectNode setup = read(fitted);
        if (model.speaksOnly()) {
            addIfAbsent(setup, "inputAudioTranscription");
            addIfAbsent(setup, "outputAudioTranscription");
        }
        switch (continuation) {
            case Continuation.New() -> addIfAbsent(setup, "sessionResumption");
            case Continuation.Resumed(String handle, String id) -> {
                setup.putObject("sessionResumption").put("handle", handle);
                // With historyConfig set, Gemini ignores input until the history arrives; a resumed session sends none.
                setup.remove("historyConfig");
            }
            case Continuation.Rebuilt(List<TranscriptEntry> transcript, String id) -> {
                setup.putObject("sessionResumption");
                setup.remove("historyConfig");
                if (model.history() == History.INITIAL && !transcript.isEmpty()) {
                    setup.putObject("historyConfig").put("initialHistoryInClientContent", true);
                }
            }
        }
        return StrictJson.write(setup);
    }

    /** Whether a setup brings a resumption handle, the gateway's or the client's own. */
    static boolean resumes(String setup) {
        return read(setup).at("/sessionResumption/handle").isTextual();
    }

    /**
     * Whether the setup announces that {@code clientContent} first brings the earlier turns.
     *
     * @param setup as it goes upstream
     */
    static boolean historyFirst(String setup) {
        return read(setup).at("/historyConfig/initialHistoryInClientContent").asBoolean();
    }

    /**
     * The earlier turns, for a session that does not know them. They request no answer: {@code turnComplete} is left
     * out, except at the end of an announced history.
     */
    List<ClientMessage> opening() {
        if (!(continuation instanceof Continuation.Rebuilt(List<TranscriptEntry> transcript, String id))
                || transcript.isEmpty()) {
            return List.of();
        }
        return switch (model.history()) {
            case NEVER -> List.of();
            case INITIAL -> List.of(history(transcript, true));
            case ANY_TIME -> List.of(history(transcript, false));
            case ANY_TIME_USER_LAST ->
                transcript.getLast().role() == TranscriptEntry.Role.USER
                        ? List.of(history(transcript, false))
                        : List.of(history(
                                Stream.concat(transcript.stream(), Stream.of(GOES_ON))
                                        .toList(),
                                false));
        };
    }

    private static ClientMessage history(List<TranscriptEntry> transcript, boolean complete) {
        String turns = transcript.stream()
                .map(entry -> "{\"role\":\"" + entry.role().label() + "\",\"parts\":[{\"text\":"
                        + JsonText.quoted(entry.text()) + "}]}")
                .collect(Collectors.joining(",", "[", "]"));
        JsonText content = JsonText.object().putJson("turns", turns);
        return new ClientMessage.ClientContent(
                (complete ? content.put("turnComplete", true) : content).end(), List.of());
    }

    private static void addIfAbsent(ObjectNode setup, String field) {
        if (!setup.has(field)) {
            setup.putObject(field);
        }
    }

    private static ObjectNode read(String fitted) {
        try {
            return (ObjectNode) StrictJson.read(fitted);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("a fitted setup can't be read", e);
        }
    }
}
