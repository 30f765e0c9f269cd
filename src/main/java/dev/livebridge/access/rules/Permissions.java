package dev.livebridge.access.rules;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The permissions of a caller, within {@code livebridge.policy}. {@code null} is no restriction.
 *
 * @param dialects labels of the allowed dialects
 * @param models ids of the allowed models, without {@code models/}
 * @param modalities allowed for the model's responses
 * @param systemInstruction whether the caller may send a system instruction
 * @param tools whether the caller may declare tools
 * @param contextUpdate whether the caller may change instruction and tools during the conversation
 * @param video whether the caller may send pictures and videos
 * @param maxDuration maximum duration of a conversation
 * @param agents names of the allowed agents; with a list, every conversation must have one of them
 * @param agent of a caller that names none; {@code null} for no agent
 * @param otherwise treatment of a request that is not allowed
 */
public record Permissions(
        @Nullable Set<String> dialects,
        @Nullable Set<String> models,
        @Nullable Set<Modality> modalities,
        boolean systemInstruction,
        boolean tools,
        boolean contextUpdate,
        boolean video,
        @Nullable Duration maxDuration,
        @Nullable Set<String> agents,
        @Nullable String agent,
        Otherwise otherwise) {

    /** No restriction. */
    public static final Permissions ALL = unrestricted(Otherwise.TELL);

    public Permissions {
        dialects = dialects == null ? null : Set.copyOf(dialects);
        models = models == null ? null : Set.copyOf(models);
        modalities = modalities == null ? null : Set.copyOf(modalities);
        agents = agents == null ? null : Set.copyOf(agents);
    }

    /** No restriction. */
    static Permissions unrestricted(Otherwise otherwise) {
        return new Permissions(null, null, null, true, true, true, true, null, null, null, otherwise);
    }

    /** The modality of the model's responses. */
    public enum Modality {
        /** Speech. */
        AUDIO,
        /** Text. */
        TEXT
    }

    /** Treatment of a request that is not allowed. */
    public enum Otherwise {
        /** It is left out, and the client is told. */
        TELL,
        /** The setup or the message is refused. */
        REFUSE
    }

    /** Whether this dialect may be spoken. */
    public boolean allowsDialect(String dialect) {
        return dialects == null || dialects.contains(dialect);
    }

    /** Whether this model may answer. */
    public boolean allowsModel(String model) {
        return models == null || models.contains(model);
    }

    /** Whether this agent may be chosen. */
    public boolean chooses(String name) {
        return agents == null || agents.contains(name);
    }

    /** Whether every conversation must have an agent. */
    public boolean needsAgent() {
        return agents != null;
    }

    /** Whether the model may answer in this way. */
    public boolean allowsModality(Modality modality) {
        return modalities == null || modalities.contains(modality);
    }
}
