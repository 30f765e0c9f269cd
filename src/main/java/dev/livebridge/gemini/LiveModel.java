package dev.livebridge.gemini;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.livebridge.gemini.wire.TextRoute;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model can do in a live conversation (gemini-live-api.md section 12).
 *
 * @param id without {@code models/}
 * @param displayName for people
 * @param status how long it will be there
 * @param outputs what it answers in: {@code AUDIO} or {@code TEXT}
 * @param thinking which field of {@code thinkingConfig} it takes
 * @param thinkingLevels the levels it takes, when it takes levels
 * @param defaultThinkingLevel the level to send when the client names none and the model insists on one
 * @param textRoute how a typed turn goes up
 * @param proactiveAudio whether the model may choose silence
 * @param affectiveDialog whether it takes {@code enableAffectiveDialog}
 * @param languageCode whether it honours {@code speechConfig.languageCode}
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record LiveModel(
        String id,
        String displayName,
        Status status,
        List<String> outputs,
        Thinking thinking,
        @Nullable List<String> thinkingLevels,
        @Nullable String defaultThinkingLevel,
        TextRoute textRoute,
        ProactiveAudio proactiveAudio,
        boolean affectiveDialog,
        boolean languageCode) {

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
        /** We do not know the model, so the client's word is passed on. */
        ANY
    }

    /** Whether a model may choose silence. */
    @RegisterForReflection
    enum ProactiveAudio {
        NEVER,
        OPTIONAL,
        ALWAYS
    }

    /** A model this version has never heard of: passed on as asked, assumed to speak. Gemini judges. */
    static LiveModel unknown(String id) {
        return new LiveModel(
                id,
                id,
                Status.UNKNOWN,
                List.of("AUDIO"),
                Thinking.ANY,
                null,
                null,
                TextRoute.CLIENT_CONTENT,
                ProactiveAudio.OPTIONAL,
                true,
                true);
    }

    boolean speaksOnly() {
        return !outputs.contains("TEXT");
    }
}
