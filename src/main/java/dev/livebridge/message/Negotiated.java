package dev.livebridge.message;

import java.util.List;
import java.util.Set;

/**
 * What a client gets, after its setup was fitted to the model.
 *
 * @param backend {@code simulator} or {@code gemini}
 * @param model the model's id without prefix
 * @param setup the effective setup, JSON, without what the gateway adds for itself to keep the conversation going
 * @param forwardAudio whether the client asked for sound
 * @param transcriptAsText whether the client asked for text that the model can only speak, so that its transcript
 *     stands in for it
 * @param forwardTranscription whether the client itself asked for transcripts of the model's speech
 * @param forwardUserTranscription whether the client itself asked for transcripts of the user's speech
 * @param automaticTurns whether the model hears by itself when the user speaks
 * @param notices what was changed, and why
 * @param traits how the model's connections behave
 * @param blockingFunctions names of the functions that were declared with {@code behavior: BLOCKING}
 */
public record Negotiated(
        String backend,
        String model,
        String setup,
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
