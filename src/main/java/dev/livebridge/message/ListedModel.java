package dev.livebridge.message;

import org.jspecify.annotations.Nullable;

/**
 * A model in the list for clients. What is {@code null} is not known.
 *
 * @param id without prefix
 * @param displayName for people
 * @param version of the model
 * @param description for people
 * @param inputTokenLimit tokens of the context
 * @param outputTokenLimit tokens of an answer
 */
public record ListedModel(
        String id,
        String displayName,
        @Nullable String version,
        @Nullable String description,
        @Nullable Integer inputTokenLimit,
        @Nullable Integer outputTokenLimit) {}
