package dev.livebridge.gemini;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * When Gemini switches a model off (gemini-live-api.md sections 12.1 and 20, rows 12 and 13).
 *
 * @param model its id, without {@code models/}
 * @param date first day without it, ISO 8601; {@code null} when only known to be in the past
 * @param successor id of the model that answers in its place; {@code null} when the configured model does
 */
@RegisterForReflection
record Retirement(
        String model, @Nullable String date, @Nullable String successor) {

    /**
     * Checks the date.
     *
     * @throws IllegalArgumentException when it is none
     */
    Retirement {
        if (date != null) {
            try {
                LocalDate.parse(date);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(date + " is not a date like 2026-11-17", e);
            }
        }
    }

    /** The first day without the model, {@link LocalDate#MIN} when it is not known. */
    LocalDate day() {
        return date == null ? LocalDate.MIN : LocalDate.parse(date);
    }

    /** Whether the model is switched off on this day. */
    boolean isOver(LocalDate today) {
        return !today.isBefore(day());
    }
}
