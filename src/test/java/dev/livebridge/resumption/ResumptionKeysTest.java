package dev.livebridge.resumption;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumptionKeysTest {

    @Test
    void theFirstSealsAndAllAreFound() {
        ResumptionKeys keys = Tokens.keys("new:" + Tokens.key(1), "old:" + Tokens.key(2));

        assertEquals("new", keys.newest().id());
        assertTrue(keys.find("old").isPresent());
        assertFalse(keys.find("older").isPresent());
    }

    @Test
    void aKeyWithoutANameIsNamedAlikeEverywhere() {
        String one = Tokens.keys(Tokens.key(1)).newest().id();

        assertEquals(
                one,
                Tokens.keys(Tokens.key(9), Tokens.key(1))
                        .find(one)
                        .orElseThrow()
                        .id());
        assertNotEquals(one, Tokens.keys(Tokens.key(2)).newest().id());
    }

    @Test
    void withoutConfigurationEachProcessMakesItsOwn() {
        ResumptionKeys one = new ResumptionKeys(List.of(), LaunchMode.TEST);
        ResumptionKeys other = new ResumptionKeys(List.of(), LaunchMode.TEST);

        assertNotEquals(one.newest().secret(), other.newest().secret());
    }

    @ParameterizedTest
    @CsvSource({
        "not/base64!, key 1 is not base64",
        "c2hvcnQ=, 'key 1 has 5 bytes, but must have 32'",
        "'', 'key 1 has 0 bytes, but must have 32'",
        "a b:KEY, the id of key 1",
        ":KEY, the id of key 1",
    })
    void aBadKeyIsNamedByItsPlaceAndNotRepeated(String entry, String complaint) {
        String configured = entry.replace("KEY", Tokens.key(1));

        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> Tokens.keys(configured));

        assertTrue(String.valueOf(refusal.getMessage()).contains(complaint), refusal.getMessage());
        assertFalse(String.valueOf(refusal.getMessage()).contains(Tokens.key(1)), refusal.getMessage());
    }

    @Test
    void twoKeysOfOneNameAreRefused() {
        assertThrows(ConfigurationException.class, () -> Tokens.keys("a:" + Tokens.key(1), "a:" + Tokens.key(2)));
        assertThrows(ConfigurationException.class, () -> Tokens.keys(Tokens.key(1), Tokens.key(1)));
    }

    @Test
    void aKeyOf16BytesIsTooShort() {
        String half = Base64.getEncoder().encodeToString(new byte[16]);

        assertThrows(ConfigurationException.class, () -> Tokens.keys(half));
    }

    // ---- from a file -------------------------------------------------------------------------------------------

    private static ResumptionKeys of(Path file, String... configured) {
        return new ResumptionKeys(List.of(configured), file, LaunchMode.NORMAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "\n", "\r\n", " , ", "\n\n"})
    void aFileHoldsThemWithCommasOrLines(String separator, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("keys");
        Files.writeString(file, "new:" + Tokens.key(1) + separator + "old:" + Tokens.key(2) + "\n");

        ResumptionKeys keys = of(file);

        assertEquals("new", keys.newest().id());
        assertTrue(keys.find("old").isPresent());
    }

    /** The three steps of a change of keys, without a restart. */
    @Test
    void aChangedFileChangesTheKeys(@TempDir Path directory) throws IOException, ResumeRefusedException {
        Path file = Files.writeString(directory.resolve("keys"), "old:" + Tokens.key(1));
        ResumptionKeys keys = of(file);
        TokenSealer sealer = new TokenSealer(keys, () -> Tokens.NOW);
        String sealed = sealer.seal(Tokens.token()).orElseThrow();

        Files.writeString(file, "new:" + Tokens.key(2) + "\nold:" + Tokens.key(1));
        await().until(() -> keys.newest().id().equals("new"));
        assertEquals(Tokens.token(), sealer.open(sealed, ResumeToken.Purpose.RESUME, null));

        Files.writeString(file, "new:" + Tokens.key(2));
        await().until(() -> keys.find("old").isEmpty());
        assertThrows(ResumeRefusedException.class, () -> sealer.open(sealed, ResumeToken.Purpose.RESUME, null));
    }

    @Test
    void aFileThatHasBecomeWrongChangesNothing(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old:" + Tokens.key(1));
        ResumptionKeys keys = of(file);

        Files.writeString(file, "new:" + Tokens.key(2) + ",bad");
        await().pollDelay(Duration.ofMillis(1_200))
                .until(() -> keys.newest().id().equals("old"));
        Files.writeString(file, "new:" + Tokens.key(2));

        await().until(() -> keys.newest().id().equals("new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ",\n,", "a:KEY", "KEY,KEY", "KEYKEY"})
    void aFileWithoutGoodKeysStopsTheStart(String text, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("keys"), text.replace("KEY", Tokens.key(1)).replace("a:", "a b:"));

        String message = String.valueOf(
                assertThrows(ConfigurationException.class, () -> of(file)).getMessage());

        assertTrue(message.startsWith("livebridge.resumption.keys"), message);
        assertFalse(message.contains(Tokens.key(1)), message);
    }

    @Test
    void keysAndAFileAreOneTooMany(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), Tokens.key(1));

        String message = String.valueOf(assertThrows(ConfigurationException.class, () -> of(file, Tokens.key(2)))
                .getMessage());

        assertEquals(
                "Both livebridge.resumption.keys and livebridge.resumption.keys-file are set: remove one.", message);
    }
}
