package dev.livebridge.access.rules;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may ask for, within what {@code livebridge.policy} allows to all. {@code null} is no restriction.
 *
 * @param dialects labels of the dialects that may be spoken
 * @param models ids of the models that may be named, without {@code models/}
 * @param modalities in which the model may answer
 * @param systemInstruction whether the caller may bring its own
 * @param tools whether the caller may bring its own
 * @param contextUpdate whether the caller may change instruction and tools in the conversation
 * @param video whether the caller may send pictures
 * @param maxDuration longest life of a conversation
 * @param excess what becomes of a wish that goes beyond this
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
        Excess excess) {

    /** No restriction. */
    public static final Permissions ALL = new Permissions(null, null, null, true, true, true, true, null, Excess.TELL);

    public Permissions {
        dialects = dialects == null ? null : Set.copyOf(dialects);
        models = models == null ? null : Set.copyOf(models);
        modalities = modalities == null ? null : Set.copyOf(modalities);
    }

    /** How the model answers. */
    public enum Modality {
        /** Speech. */
        AUDIO,
        /** Words. */
        TEXT
    }

    /** What becomes of a wish that is not allowed. */
    public enum Excess {
        /** It is left out, and the client is told. */
        TELL,
        /** The setup or the message is refused. */
        REFUSE
    }

    /** Whether this dialect may be spoken. */
    public boolean speaks(String dialect) {
        return dialects == null || dialects.contains(dialect);
    }

    /** Whether this model may answer. */
    public boolean uses(String model) {
        return models == null || models.contains(model);
    }

    /** Whether the model may answer in this way. */
    public boolean hears(Modality modality) {
        return modalities == null || modalities.contains(modality);
    }
}
