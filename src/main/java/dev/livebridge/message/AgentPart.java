package dev.livebridge.message;

import java.util.Locale;

/** A part of an agent's setup that its clients may replace, if the agent says so. */
public enum AgentPart {
    /** {@code model}. */
    MODEL,
    /** {@code generationConfig.speechConfig.voiceConfig}. */
    VOICE,
    /** {@code generationConfig.speechConfig.languageCode}. */
    LANGUAGE,
    /** {@code generationConfig.responseModalities}. */
    MODALITIES,
    /** The other members of {@code generationConfig}, and the members of a setup that have no part of their own. */
    GENERATION,
    /** {@code systemInstruction}, also in an update of the context and as a turn with the role {@code system}. */
    INSTRUCTION,
    /** {@code realtimeInputConfig}. */
    TURN_TAKING,
    /** {@code tools}, also in an update of the context. */
    TOOLS;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Its name in {@code agents.yaml} and in errors. */
    public String label() {
        return label;
    }
}
