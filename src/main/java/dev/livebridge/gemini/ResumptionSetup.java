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
 * What the gateway adds to a fitted setup so that the conversation can outlive its connection (gemini-live-api.md
 * section 9): a wish for resumption handles, or the handle itself; transcripts, without which nothing could be told to
 * a fresh session; and the story so far where a handle can't bring it back.
 */
record ResumptionSetup(LiveModel model, Continuation continuation) {

    /** Closes a history whose last turn must be the user's, and is understood if the model reads it. */
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
                // Who announces a history is not heard before it has come.
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
     * Whether what the setup announces is told first, in {@code clientContent}.
     *
     * @param setup as it goes upstream
     */
    static boolean historyFirst(String setup) {
        return read(setup).at("/historyConfig/initialHistoryInClientContent").asBoolean();
    }

    /**
     * The story so far, for a session that does not know it. It asks for no answer: {@code turnComplete} stays out,
     * except where the history was announced and ends with it.
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
