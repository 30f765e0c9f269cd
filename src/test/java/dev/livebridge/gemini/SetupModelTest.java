package dev.livebridge.gemini;

import static dev.livebridge.gemini.SetupFittingFixture.AUDIO;
import static dev.livebridge.gemini.SetupFittingFixture.NEW;
import static dev.livebridge.gemini.SetupFittingFixture.V25;
import static dev.livebridge.gemini.SetupFittingFixture.V31;
import static dev.livebridge.gemini.SetupFittingFixture.V38;
import static dev.livebridge.gemini.SetupFittingFixture.assertGoesUp;
import static dev.livebridge.gemini.SetupFittingFixture.fit;
import static dev.livebridge.gemini.SetupFittingFixture.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which model answers a setup. JSON is written with single quotes. */
class SetupModelTest {

    private static final String MODEL = "livebridge.gemini.model";
    private static final String MODELS = "livebridge.policy.models";
    private static final String LISTED = "gemini-9-live,models/gemini-8-live";
    private static final String UNKNOWN =
            " is not known here; it is taken for one that speaks, and Gemini judges the rest of the setup.";

    static Stream<Arguments> answers() {
        return Stream.of(
                // What is asked for, one setting and its value, the model that answers, the notice.
                byDefault("{}", "gemini-3.8-live", null),
                byDefault("{'model':null}", "gemini-3.8-live", null),
                byDefault("{'model':''}", "gemini-3.8-live", null),
                byDefault("{'model':' '}", "gemini-3.8-live", null),
                arguments("{}", MODEL, "models/gemini-3.1-flash-live-preview", "gemini-3.1-flash-live-preview", null),
                // What the operator chose needs no notice.
                arguments("{}", MODEL, "gemini-9-live", "gemini-9-live", null),
                byDefault("{" + V31 + "}", "gemini-3.1-flash-live-preview", null),
                byDefault("{'model':'gemini-3.1-flash-live-preview'}", "gemini-3.1-flash-live-preview", null),
                byDefault(
                        "{'model':'gemini-2.0-flash-exp'}",
                        "gemini-3.8-live",
                        "The model gemini-2.0-flash-exp is retired; gemini-3.8-live answers instead."),
                byDefault(
                        "{'model':'models/gemini-2.0-flash-exp'}",
                        "gemini-3.8-live",
                        "The model gemini-2.0-flash-exp is retired; gemini-3.8-live answers instead."),
                byDefault(
                        "{'model':'gemini-2.0-flash-live-001'}",
                        "gemini-3.8-live",
                        "The model gemini-2.0-flash-live-001 is retired; gemini-3.8-live answers instead."),
                byDefault(
                        "{" + V25 + "}",
                        "gemini-2.5-flash-native-audio-latest",
                        "The model gemini-2.5-flash-native-audio-latest is deprecated; its successor is"
                                + " gemini-3.8-live."),
                arguments(
                        "{" + NEW + "}",
                        "livebridge.policy.unknown-models",
                        "map",
                        "gemini-3.8-live",
                        "The model \"gemini-9-live\" is not allowed here; gemini-3.8-live answers instead."),
                arguments("{" + NEW + "}", MODELS, LISTED, "gemini-9-live", "The model gemini-9-live" + UNKNOWN),
                arguments(
                        "{'model':'gemini-8-live'}",
                        MODELS,
                        LISTED,
                        "gemini-8-live",
                        "The model gemini-8-live" + UNKNOWN),
                // The configured model is allowed without being listed.
                arguments("{" + V38 + "}", MODELS, LISTED, "gemini-3.8-live", null));
    }

    private static Arguments byDefault(String asked, String model, @Nullable String notice) {
        return arguments(asked, MODEL, null, model, notice);
    }

    @ParameterizedTest
    @MethodSource
    void answers(String asked, String setting, @Nullable String value, String model, @Nullable String notice)
            throws Exception {
        Negotiated fitted = fit(asked, value == null ? Map.of() : Map.of(setting, value));

        assertEquals(model, fitted.model());
        assertEquals("gemini", fitted.backend());
        assertGoesUp("{'model':'models/" + model + "'," + AUDIO + "}", fitted);
        assertEquals(notice == null ? List.of() : List.of(notice), fitted.notices());
    }

    @Test
    void aModelThatIsRetiredMeanwhileGivesWayToItsSuccessor() throws Exception {
        ModelCatalogue later = Settings.catalogue("2026-11-17", Map.of());

        Negotiated named = fit(later, "{" + V31 + "}", Map.of(MODEL, "gemini-3.8-live-extended-thinking"));
        Negotiated configured = fit(later, "{}", Map.of(MODEL, "gemini-2.5-flash-native-audio-preview-12-2025"));

        assertEquals("gemini-3.8-live", named.model());
        assertEquals(
                List.of("The model gemini-3.1-flash-live-preview is retired; gemini-3.8-live answers instead."),
                named.notices());
        assertEquals("gemini-3.8-live", configured.model());
        assertEquals(
                List.of("The model gemini-2.5-flash-native-audio-preview-12-2025 is retired; gemini-3.8-live"
                        + " answers instead."),
                configured.notices());
    }

    /** Only where the operator says so: on this account a model of any price would answer. */
    @Test
    void anUnknownModelIsLeftToGeminiWhereItIsAllowed() throws Exception {
        Negotiated fitted = fit(
                "{" + NEW + ",'proactivity':{'proactiveAudio':false},'tools':[{'codeExecution':{}}],"
                        + "'generationConfig':{'thinkingConfig':{'thinkingBudget':7},'enableAffectiveDialog':true,"
                        + "'speechConfig':{'languageCode':'de','voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'Bob'}}}}}",
                Map.of(
                        "livebridge.policy.unknown-models", "pass",
                        "livebridge.policy.tools", "codeExecution"));

        assertEquals("gemini-9-live", fitted.model());
        assertGoesUp(
                "{" + NEW + ",'proactivity':{'proactiveAudio':false},'tools':[{'codeExecution':{}}],"
                        + "'generationConfig':{'responseModalities':['AUDIO'],"
                        + "'thinkingConfig':{'thinkingBudget':7},'enableAffectiveDialog':true,'speechConfig':"
                        + "{'languageCode':'de','voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'Bob'}}}}}",
                fitted);
        assertEquals(1, fitted.notices().size());
        assertTrue(fitted.notices().getFirst().startsWith("The model gemini-9-live is not known here;"));
    }

    @Test
    void anUnknownModelIsRefused() {
        assertEquals(
                new UpstreamEnd(
                        1007,
                        EndCause.BAD_SETUP,
                        RetryClass.NEVER,
                        "The model \"gemini-9-live\" is not allowed here (livebridge.policy.models,"
                                + " livebridge.policy.unknown-models)."),
                refusal("{" + NEW + "}"));
    }

    @Test
    void aModelThatTheOperatorDoesNotListIsRefused() {
        assertThrows(UpstreamRefusedException.class, () -> fit("{" + V31 + "}", Map.of(MODELS, LISTED)));
        assertThrows(
                UpstreamRefusedException.class,
                () -> fit("{" + V31 + "}", Map.of(MODELS, LISTED, "livebridge.policy.unknown-models", "pass")));
    }
}
