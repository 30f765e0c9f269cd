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
 * @param video whether the caller may send video frames
 * @param maxDuration maximum duration of a conversation
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

    /** The modality of the model's responses. */
    public enum Modality {
        /** Speech. */
        AUDIO,
        /** Text. */
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
