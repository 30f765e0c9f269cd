package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.gemini.LiveModel.Status;
import dev.livebridge.gemini.LiveModel.Thinking;
import dev.livebridge.gemini.wire.TextRoute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogueTest {

    private final ModelCatalogue catalogue = new ModelCatalogue();

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
