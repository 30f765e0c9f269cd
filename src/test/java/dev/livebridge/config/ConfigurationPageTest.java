package dev.livebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is what the interfaces' Javadoc says. Write it anew with {@code ./mvnw test
 * -Dtest=ConfigurationPageTest -Dconfiguration.write=true}.
 */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs/configuration.md");

    @Test
    void thePageIsTheJavadoc() throws IOException {
        String page = ConfigurationPage.generate();
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(PAGE, page);
        }

        assertEquals(page, Files.readString(PAGE));
    }

    @Test
    void thePageHoldsEverySetting() throws IOException {
        String page = Files.readString(PAGE);

        ConfiguredProperties.all()
                .forEach(property -> assertTrue(page.contains("`" + property.name()), () -> property + " is missing"));
    }
}
