package dev.livebridge.gemini;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static final String OWN = "livebridge.gemini.api-key";
    private static final String FILE = "livebridge.gemini.api-key-file";

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

    @Test
    void aFileIsReadAndReadAgain(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), "canary-old\n");
        Credentials credentials = Settings.credentials(Map.of(FILE, file.toString(), "GEMINI_API_KEY", "other"));
        assertEquals(Optional.of("canary-old"), credentials.apiKey());

        Files.writeString(file, "canary-new\r\n");

        await().untilAsserted(() -> assertEquals(Optional.of("canary-new"), credentials.apiKey()));
        // Gemini may still quote the old key on a connection that was opened with it.
        assertEquals(List.of("canary-new", "canary-old"), credentials.known());
        assertEquals("bad [secret] and [secret]", Secrets.scrub("bad canary-old and canary-new", credentials.known()));
        assertEquals("a key", credentials.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "can\nary", "can ary", "can\u0000ary"})
    void aFileThatHoldsNoKeyStopsTheStart(String text, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), text);

        String message = String.valueOf(assertThrows(
                        ConfigurationException.class, () -> Settings.credentials(Map.of(FILE, file.toString())))
                .getMessage());

        assertTrue(message.contains(FILE), message);
        assertFalse(message.contains("can\n") || message.contains("ary"), message);
    }

    @Test
    void aKeyAndAFileAreOneTooMany(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), "canary");

        String message = String.valueOf(assertThrows(
                        ConfigurationException.class,
                        () -> Settings.credentials(Map.of(FILE, file.toString(), OWN, "canary")))
                .getMessage());

        assertEquals("Both " + OWN + " and " + FILE + " are set: remove one.", message);
    }

    @Test
    void anEmptySettingNamesNoFile() {
        assertEquals(
                Optional.of("b"),
                Settings.credentials(Map.of(FILE, "", "GEMINI_API_KEY", "b")).apiKey());
    }
}
