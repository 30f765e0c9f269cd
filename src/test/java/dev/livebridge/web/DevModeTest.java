package dev.livebridge.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/**
 * The bundler's live reload adds a script that needs a window to every bundle. An audio worklet has none: its module
 * fails, and the page of {@code ./mvnw quarkus:dev} gets no sound. No test runs in that mode, so the setting is tested.
 */
class DevModeTest {

    @Test
    void noProfileSwitchesTheBundlersLiveReloadOn() throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }

        assertEquals("false", properties.getProperty("quarkus.web-bundler.browser-live-reload"));
        assertEquals(
                1,
                properties.stringPropertyNames().stream()
                        .filter(name -> name.contains("browser-live-reload"))
                        .count());
    }
}
