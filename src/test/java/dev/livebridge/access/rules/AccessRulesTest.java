package dev.livebridge.access.rules;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessRulesTest {

    @TempDir
    private Path folder;

    @Test
    void aFaultyFileStopsTheStartWithItsLine() throws IOException {
        Path file = Files.writeString(folder.resolve("access.yaml"), "rules:\n  - {name: a, may: {tols: true}}\n");

        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> new AccessRules(Optional.of(file)));

        assertEquals("livebridge.access.rules-file: line 2: may has the unknown member 'tols'.", refused.getMessage());
    }

    @Test
    void aMissingFileStopsTheStart() {
        Path missing = folder.resolve("none.yaml");

        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> new AccessRules(Optional.of(missing)));

        assertTrue(String.valueOf(refused.getMessage()).contains("does not exist"), refused.getMessage());
    }

    @Test
    void aChangedFileHoldsFromThenOnAndAFaultyOneChangesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("access.yaml"), "rules:\n  - {name: first}\n");
        AccessRules rules = new AccessRules(Optional.of(file));
        assertEquals("first", rules.current().rules().getFirst().name());

        Files.writeString(file, "rules:\n  - {name: second}\n");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> rules.current().rules().getFirst().name().equals("second"));

        Files.writeString(file, "rules:\n  - {name: third, x: 1}\n");
        Path witness = Files.writeString(folder.resolve("witness.yaml"), "rules:\n  - {name: a}\n");
        AccessRules other = new AccessRules(Optional.of(witness));
        Files.writeString(witness, "rules:\n  - {name: b}\n");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> other.current().rules().getFirst().name().equals("b"));

        assertEquals("second", rules.current().rules().getFirst().name());
    }

    @Test
    void withoutAFileTheDefaultHolds() {
        assertSame(RuleSet.DEFAULT, new AccessRules(Optional.empty()).current());
    }
}
