package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ModelCapabilities;
import dev.livebridge.message.ModelDirectory;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogueDirectoryTest {

    private static ModelDirectory directory(Map<String, String> settings) {
        SmallRyeConfig config = Settings.of(settings);
        LivebridgeConfig livebridge = config.getConfigMapping(LivebridgeConfig.class);
        BackendChoice backend = new BackendChoice(
                livebridge,
                new Credentials(livebridge, config),
                () -> () -> URI.create("http://127.0.0.1:4711"),
                LaunchMode.TEST);
        return new CatalogueDirectory(Settings.catalogue(), backend, livebridge);
    }

    private static ModelCapabilities capabilities(String id) {
        return directory(Map.of()).models().stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesWhoAnswersWhicheverNameTheKeyHas() {
        assertEquals("simulator", directory(Map.of()).backend());
        assertEquals("gemini", directory(Map.of("GOOGLE_API_KEY", "k")).backend());
    }

    @Test
    void offersTheConfiguredModelFirstAndEachOnce() {
        ModelDirectory directory = directory(Map.of("livebridge.gemini.model", "models/gemini-3.1-flash-live-preview"));

        List<String> ids =
                directory.models().stream().map(ModelCapabilities::id).toList();

        assertEquals("gemini-3.1-flash-live-preview", directory.defaultModel());
        assertEquals("gemini-3.1-flash-live-preview", ids.getFirst());
        assertEquals(ids.stream().distinct().toList(), ids);
        assertEquals(Settings.catalogue().models().size(), ids.size());
    }

    @Test
    void offersAConfiguredModelItDoesNotKnow() {
        ModelDirectory directory = directory(Map.of("livebridge.gemini.model", "gemini-9-live"));

        assertEquals("gemini-9-live", directory.models().getFirst().id());
        assertEquals(
                Settings.catalogue().models().size() + 1, directory.models().size());
    }

    @Test
    void saysWhatEachModelCanBeAskedFor() {
        ModelCapabilities live = capabilities("gemini-3.8-live");
        assertEquals(30, live.voices().size());
        assertEquals(List.of(), live.thinkingLevels());
        assertTrue(live.textInput() && live.video() && live.search() && live.history());

        ModelCapabilities flash = capabilities("gemini-3.1-flash-live-preview");
        assertEquals(List.of("MINIMAL", "LOW", "MEDIUM", "HIGH"), flash.thinkingLevels());
        assertFalse(flash.history());

        ModelCapabilities transcribe = capabilities("gemini-3.5-transcribe-live");
        assertEquals(List.of(), transcribe.voices());
        assertFalse(transcribe.textInput() || transcribe.video() || transcribe.search() || transcribe.history());
    }
}
