package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static final String OWN = "livebridge.gemini.api-key";

    @Test
    void ourOwnNameComesFirst() {
        assertEquals(
                Optional.of("a"),
                Settings.credentials(Map.of(OWN, "a", "GEMINI_API_KEY", "b", "GOOGLE_API_KEY", "c"))
                        .apiKey());
    }

    @Test
    void thenGeminisThenGoogles() {
        assertEquals(
                Optional.of("b"),
                Settings.credentials(Map.of("GEMINI_API_KEY", "b", "GOOGLE_API_KEY", "c"))
                        .apiKey());
        assertEquals(
                Optional.of("c"),
                Settings.credentials(Map.of("GOOGLE_API_KEY", "c")).apiKey());
    }

    @Test
    void blankIsAbsentAndTheNextOneCounts() {
        assertEquals(
                Optional.of("c"),
                Settings.credentials(Map.of(OWN, " ", "GEMINI_API_KEY", "", "GOOGLE_API_KEY", "c"))
                        .apiKey());
        assertEquals(
                Optional.empty(),
                Settings.credentials(Map.of("GEMINI_API_KEY", "  ")).apiKey());
    }

    @Test
    void aLineEndFromAFileIsForgiven() {
        assertEquals(
                Optional.of("key"),
                Settings.credentials(Map.of("GEMINI_API_KEY", "key\n")).apiKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"se cret", "se\ncret", "se\tcret", "secrét", "se\u0000cret", "se\u200bcret"})
    void whatCanNotBeAHeaderIsRefusedWithoutBeingShown(String key) {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> Settings.credentials(Map.of("GEMINI_API_KEY", key)));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("GEMINI_API_KEY"));
        assertFalse(message.contains("cret"));
    }

    @Test
    void isNeverPrinted() {
        assertEquals(
                "a key",
                Settings.credentials(Map.of("GEMINI_API_KEY", "hidden")).toString());
        assertEquals("no key", Settings.credentials(Map.of()).toString());
    }
}
