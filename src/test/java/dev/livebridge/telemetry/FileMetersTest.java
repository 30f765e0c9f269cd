package dev.livebridge.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.access.rules.AccessRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMetersTest {

    private static final String RULES = "rules:\n  - {name: a}\n";

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double valid() {
        return registry.get("livebridge.settings.file.valid")
                .tag("setting", "livebridge.access.rules-file")
                .gauge()
                .value();
    }

    @Test
    void theGaugeFollowsTheFileAlsoWhenItsContentIsNotUsed() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("access.yaml"), RULES);
        FileMeters.register(registry, new AccessRules(Optional.of(file)));
        assertEquals(1, valid());

        // When the file breaks, then it is 0
        Files.writeString(file, "rules:\n  - {name: a, may: {tols: true}}\n");
        await().atMost(Duration.ofSeconds(10)).until(() -> valid() == 0);

        // When the file is as before, then it is 1
        Files.writeString(file, RULES);
        await().atMost(Duration.ofSeconds(10)).until(() -> valid() == 1);
    }

    @Test
    void withoutAFileThereIsNoGauge() {
        FileMeters.register(registry, new AccessRules(Optional.empty()));

        assertNull(registry.find("livebridge.settings.file.valid").gauge());
    }
}
