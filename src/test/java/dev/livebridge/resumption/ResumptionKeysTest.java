package dev.livebridge.resumption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
