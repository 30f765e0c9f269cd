package dev.livebridge.message;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The result of fitting the client's setup to the model.
 *
 * @param backend {@code simulator} or {@code gemini}
 * @param model the model's id without prefix
 * @param setup the effective setup, JSON, without the members that the gateway adds for resumption
 * @param shownSetup the same for clients: without the instruction of an agent
 * @param agent of the conversation, {@code null} without one
 * @param forwardAudio whether the client requested audio
 * @param transcriptAsText whether the transcript replaces text that the client requested and the model can only speak
 * @param forwardTranscription whether the client itself asked for transcripts of the model's speech
 * @param forwardUserTranscription whether the client itself asked for transcripts of the user's speech
 * @param automaticTurns whether the model detects the user's speech itself
 * @param notices changes to the setup, and their reasons
 * @param traits how the model's connections behave
 * @param blockingFunctions names of the functions that were declared with {@code behavior: BLOCKING}
 */
public record Negotiated(
        String backend,
        String model,
        String setup,
        String shownSetup,
        @Nullable AgentSetup agent,
        boolean forwardAudio,
        boolean transcriptAsText,
        boolean forwardTranscription,
        boolean forwardUserTranscription,
        boolean automaticTurns,
        List<String> notices,
        ConnectionTraits traits,
        Set<String> blockingFunctions) {

    public Negotiated {
        notices = List.copyOf(notices);
        blockingFunctions = Set.copyOf(blockingFunctions);
    }
}
