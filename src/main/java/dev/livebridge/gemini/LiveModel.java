package dev.livebridge.gemini;

import dev.livebridge.gemini.wire.TextRoute;
import dev.livebridge.message.ConnectionTraits;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model can do in a live conversation (gemini-live-api.md section 12).
 *
 * @param id without {@code models/}
 * @param displayName for people
 * @param status its availability
 * @param inputs the modalities of its input: {@code AUDIO}, {@code VIDEO}, {@code TEXT}
 * @param outputs the modalities of its output: {@code AUDIO} or {@code TEXT}
 * @param thinking which field of {@code thinkingConfig} it takes
 * @param thinkingLevels the levels it takes, when it takes levels
 * @param requiredThinkingLevel the level to send when the client names none, for a model that requires one
 * @param textRoute how a typed turn is sent
 * @param history how it takes earlier turns
 * @param tools members of a tool it takes, {@code null} when not known
 * @param functionBehaviors values of {@code behavior} it takes in a function declaration, {@code null} when not known
 * @param manualTurnCoverage turn coverage to ask for when the client marks its turns itself: with the default, some
 *     models receive an empty turn (section 7.3); {@code null} when the default works
 * @param proactiveAudio whether it may decide not to answer
 * @param affectiveDialog whether it takes {@code enableAffectiveDialog}
 * @param languageCode whether it honours {@code speechConfig.languageCode}
 * @param connectionAgeMinutes age at which one of its connections is renewed; {@code null} when
 *     {@code livebridge.upstream.max-connection-age} decides (section 20 row 14)
 * @param losesPrefilledContext whether a resumed session may lose {@code clientContent} of the first one (section 20
 *     row 16)
 * @param dropsCallsSilently whether an interruption drops a {@code BLOCKING} call without {@code toolCallCancellation}
 *     (section 20 row 17)
 */
@RegisterForReflection
record LiveModel(
        String id,
        String displayName,
        Status status,
        List<String> inputs,
        List<String> outputs,
        Thinking thinking,
        @Nullable List<String> thinkingLevels,
        @Nullable String requiredThinkingLevel,
        TextRoute textRoute,
        History history,
        @Nullable List<String> tools,
        @Nullable List<String> functionBehaviors,
        @Nullable String manualTurnCoverage,
        Feature proactiveAudio,
        Feature affectiveDialog,
        Feature languageCode,
        @Nullable Integer connectionAgeMinutes,
        boolean losesPrefilledContext,
        boolean dropsCallsSilently) {

    /** Availability. */
    @RegisterForReflection
    enum Status {
        STABLE,
        PREVIEW,
        DEPRECATED,
        UNKNOWN
    }

    /** The member of {@code thinkingConfig} a model takes. */
    @RegisterForReflection
    enum Thinking {
        NONE,
        BUDGET,
        LEVEL,
        UNKNOWN
    }

    /** How a model takes earlier turns (gemini-live-api.md sections 4.2 and 12.2). */
    @RegisterForReflection
    enum History {
        /** Not at all. */
        NEVER,
        /** Right after the setup, which must announce it. */
        INITIAL,
        /** At any time. */
        ANY_TIME,
        /** At any time, but the last of the turns must be the user's. */
        ANY_TIME_USER_LAST
    }

    /** Whether a model offers something. */
    @RegisterForReflection
    enum Feature {
        /** Asking for it closes the connection, or does nothing. */
        NEVER,
        /** On request, and only on {@code v1alpha}. */
        ALPHA,
        /** It can't be switched off. */
        ALWAYS,
        /** The client's value is passed on; Gemini decides. */
        UNKNOWN
    }

    /**
     * A model that this version does not know. Its name is passed on, and it is assumed to answer in audio, like the
     * known models.
     */
    static LiveModel unknown(String id) {
        return new LiveModel(
                id,
                id,
                Status.UNKNOWN,
                List.of("AUDIO", "VIDEO", "TEXT"),
                List.of("AUDIO"),
                Thinking.UNKNOWN,
                null,
                null,
                TextRoute.CLIENT_CONTENT,
                History.ANY_TIME,
                null,
                null,
                null,
                Feature.UNKNOWN,
                Feature.UNKNOWN,
                Feature.UNKNOWN,
                null,
                false,
                false);
    }

    /** How its connections behave. */
    ConnectionTraits connectionTraits() {
        return new ConnectionTraits(
                connectionAgeMinutes == null ? null : Duration.ofMinutes(connectionAgeMinutes),
                losesPrefilledContext,
                dropsCallsSilently);
    }

    /** Whether it answers in audio only; text is then available as a transcript. */
    boolean speaksOnly() {
        return !outputs.contains("TEXT");
    }

    /** Whether it takes earlier turns at any time, not only before the first turn. */
    boolean takesHistory() {
        return switch (history) {
            case NEVER, INITIAL -> false;
            case ANY_TIME, ANY_TIME_USER_LAST -> true;
        };
    }
}
