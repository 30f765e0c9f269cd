package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.gemini.LiveModel.Status;
import dev.livebridge.gemini.LiveModel.Thinking;
import dev.livebridge.gemini.wire.TextRoute;
import dev.livebridge.message.ConnectionTraits;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogueTest {

    private final ModelCatalogue catalogue = Settings.catalogue();

    @Test
    void holdsTheModelsOfTheReference() {
        assertEquals(
                List.of(
                        "gemini-3.8-live",
                        "gemini-3.8-live-extended-thinking",
                        "gemini-3.1-flash-live-preview",
                        "gemini-2.5-flash-native-audio-latest",
                        "gemini-2.5-flash-native-audio-preview-12-2025",
                        "gemini-2.5-flash-native-audio-preview-09-2025",
                        "gemini-3.5-live-translate-preview",
                        "gemini-3.5-transcribe-live",
                        "gemini-robotics-er-2-streaming-preview"),
                catalogue.models().stream().map(LiveModel::id).toList());
        assertEquals(30, new HashSet<>(catalogue.voices()).size());
    }

    @Test
    void everyModelIsComplete() {
        for (LiveModel model : catalogue.models()) {
            assertTrue(ModelCatalogue.isName(model.id()), model.id());
            assertNotNull(model.displayName(), model.id());
            assertNotNull(model.status(), model.id());
            assertTrue(model.inputs().contains("AUDIO"), model.id());
            assertFalse(model.outputs().isEmpty(), model.id());
            assertNotNull(model.textRoute(), model.id());
            assertNotNull(model.proactiveAudio(), model.id());
            assertNotNull(model.affectiveDialog(), model.id());
            assertNotNull(model.languageCode(), model.id());
            assertEquals(model.thinking() == Thinking.LEVEL, model.thinkingLevels() != null, model.id());
            if (model.requiredThinkingLevel() != null && model.thinkingLevels() != null) {
                assertTrue(model.thinkingLevels().contains(model.requiredThinkingLevel()), model.id());
            }
        }
    }

    @Test
    void theDefaultOfTheConfigurationIsTheRecommendedModel() {
        assertEquals(
                Settings.livebridge(Map.of()).gemini().model(),
                catalogue.recommended().id());
    }

    @Test
    void noModelIsBothServedAndRetired() {
        assertTrue(catalogue.models().stream().noneMatch(model -> catalogue.isRetired(model.id())));
    }

    @Test
    void typedTurnsOf31AreRealtimeInput() {
        assertEquals(
                TextRoute.REALTIME_INPUT,
                catalogue.find("gemini-3.1-flash-live-preview").textRoute());
        assertEquals(TextRoute.CLIENT_CONTENT, catalogue.find("gemini-3.8-live").textRoute());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini-3.8-live", "models/gemini-3.8-live"})
    void findsWithAndWithoutPrefix(String name) {
        assertEquals("Gemini 3.8 Live", catalogue.find(name).displayName());
    }

    @Test
    void aModelItDoesNotKnowKeepsItsName() {
        LiveModel model = catalogue.find("models/gemini-9-live");

        assertEquals("gemini-9-live", model.id());
        assertEquals(Status.UNKNOWN, model.status());
        assertTrue(model.speaksOnly());
    }

    @Test
    void knowsWhatIsRetired() {
        assertTrue(catalogue.isRetired("models/gemini-2.0-flash-exp"));
        assertTrue(catalogue.isRetired("gemini-live-2.5-flash-preview"));
        assertFalse(catalogue.isRetired("gemini-3.8-live"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-16, gemini-3.1-flash-live-preview, false",
        "2026-11-17, gemini-3.1-flash-live-preview, true",
        "2026-11-17, models/gemini-2.5-flash-native-audio-preview-12-2025, true",
        "2026-12-12, gemini-live-2.5-flash-native-audio, false",
        "2026-12-13, gemini-live-2.5-flash-native-audio, true",
    })
    void aModelIsServedUntilItsDay(String today, String model, boolean retired) {
        ModelCatalogue then = Settings.catalogue(today, Map.of());

        assertEquals(retired, then.isRetired(model));
        assertEquals(
                retired ? "gemini-3.8-live" : ModelCatalogue.bare(model),
                then.serving(model),
                "the model that answers");
        assertFalse(retired && then.models().contains(then.find(model)), "offered");
    }

    @Test
    void theOperatorKnowsBetter() {
        ModelCatalogue then = Settings.catalogue(
                "2026-11-27",
                Map.of(
                        "livebridge.models.\"gemini-3.1-flash-live-preview\".retires", "never",
                        "livebridge.models.\"gemini-9-live\".retires", "2026-11-27"));

        assertFalse(then.isRetired("gemini-3.1-flash-live-preview"));
        assertEquals("gemini-3.8-live", then.successor("gemini-9-live", "gemini-3.8-live"));
        assertTrue(then.isRetired("gemini-9-live"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "2026-13-01", "17.11.2026"})
    void aDateThatIsNoneStopsTheStart(String date) {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> Settings.catalogue(
                        "2026-11-27", Map.of("livebridge.models.\"gemini-9-live\".retires", "x" + date)));

        assertEquals(
                "livebridge.models.\"gemini-9-live\".retires must be a date like 2026-11-17, or never.",
                refused.getMessage());
    }

    @Test
    void theOperatorIsWarnedBeforeAndAfterTheDay() {
        String model = "gemini-3.1-flash-live-preview";

        assertEquals(
                Optional.empty(), Settings.catalogue("2026-10-17", Map.of()).retirementNotice(model));
        assertEquals(
                Optional.of("Gemini switches off the configured model gemini-3.1-flash-live-preview on 2026-11-17; from"
                        + " then on gemini-3.8-live answers. Set livebridge.gemini.model to try it before."),
                Settings.catalogue("2026-10-18", Map.of()).retirementNotice(model));
        assertEquals(
                Optional.of("The configured model gemini-3.1-flash-live-preview was switched off on 2026-11-17;"
                        + " gemini-3.8-live answers instead. Set livebridge.gemini.model."),
                Settings.catalogue("2026-11-17", Map.of()).retirementNotice("models/" + model));
        assertEquals(
                Optional.empty(), Settings.catalogue("2026-11-17", Map.of()).retirementNotice("gemini-3.8-live"));
    }

    @Test
    void connectionsOf38LastLongerAndLosePrefilledContext() {
        ConnectionTraits live = catalogue.find("gemini-3.8-live").connectionTraits();
        ConnectionTraits flash = catalogue.find("gemini-3.1-flash-live-preview").connectionTraits();

        assertEquals(new ConnectionTraits(Duration.ofMinutes(55), true, true), live);
        assertEquals(
                new ConnectionTraits(Duration.ofMinutes(55), true, false),
                catalogue.find("gemini-3.8-live-extended-thinking").connectionTraits());
        assertEquals(new ConnectionTraits(null, false, false), flash);
        assertEquals(
                new ConnectionTraits(null, false, false),
                catalogue.find("gemini-9-live").connectionTraits());
    }

    @Test
    void spellsVoicesAsGeminiDoes() {
        assertEquals(Optional.of("Puck"), catalogue.voice("pUCK"));
        assertEquals(Optional.empty(), catalogue.voice("Bob"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "models/", "../secrets", "gemini live", "publishers/google/models/x", "-x", "a?b"})
    void tellsNamesFromOtherText(String text) {
        assertFalse(ModelCatalogue.isName(text));
    }
}
