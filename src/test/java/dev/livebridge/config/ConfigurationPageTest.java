package dev.livebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is what the interfaces' Javadoc says, and the list of variables has their names. Write
 * both anew with {@code ./mvnw test -Dtest=ConfigurationPageTest -Dconfiguration.write=true}.
 */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final Path VARIABLES = Path.of("src/main/resources/config/environment-variables.txt");

    @Test
    void thePageIsTheJavadoc() throws IOException {
        String page = ConfigurationPage.generate();
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(PAGE, page);
        }

        assertEquals(page, Files.readString(PAGE));
    }

    /** The service refuses others that begin like its own. */
    @Test
    void theServiceKnowsItsVariables() throws IOException {
        String variables = ConfiguredProperties.variables().collect(Collectors.joining("\n", "", "\n"));
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(VARIABLES, variables);
        }

        assertEquals(variables, Files.readString(VARIABLES));
    }

    @Test
    void thePageHoldsEverySetting() throws IOException {
        String page = Files.readString(PAGE);

        ConfiguredProperties.all()
                .forEach(property -> assertTrue(page.contains("`" + property.name()), () -> property + " is missing"));
    }
}
