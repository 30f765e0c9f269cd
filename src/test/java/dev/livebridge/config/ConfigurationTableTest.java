package dev.livebridge.config;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The settings of the first day in README.md: each exists and has this environment variable and default. All settings
 * are in docs/configuration.md ({@link ConfigurationPageTest}), so the README stays short.
 */
class ConfigurationTableTest {

    /** What a person reads on the first day. */
    private static final int FIRST_DAY = 8;

    private static final int README_LINES = 120;

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(livebridge\\.[^`]*)` \\| `([A-Z_0-9*]+)` \\| ([^|]*) \\|");

    @Test
    void theSettingsOfTheReadmeAreThoseOfTheCode() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        Stream.of(LivebridgeConfig.class, SimulatorConfig.class)
                .forEach(type -> collect(
                        requireNonNull(type.getAnnotation(ConfigMapping.class)).prefix(), type, settings));

        Map<String, String> documented = documented(Files.readString(Path.of("README.md")));

        assertTrue(documented.size() >= 6 && documented.size() <= FIRST_DAY, documented::toString);
        assertEquals("", difference(settings, documented));
        assertEquals(
                "livebridge.browser.host is not a setting\nlivebridge.gemini.model is LIVEBRIDGE_GEMINI_MODEL"
                        + " `gemini-3.8-live`, not LIVEBRIDGE_GEMINI_MODEL –",
                difference(settings, documented("""
                        | `livebridge.browser.host` | `LIVEBRIDGE_BROWSER_HOST` | – | misspelt |
                        | `livebridge.gemini.model` | `LIVEBRIDGE_GEMINI_MODEL` | – | another default |
                        | `livebridge.browser.hosts` | `LIVEBRIDGE_BROWSER_HOSTS` | – | right |
                        """)));
    }

    @Test
    void theReadmeIsShort() throws IOException {
        int lines = Files.readAllLines(Path.of("README.md")).size();
        assertTrue(lines <= README_LINES, () -> "README.md has " + lines + " lines");
    }

    private static Map<String, String> documented(String markdown) {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(markdown).results().forEach(row -> documented.put(row.group(1), described(row)));
        return documented;
    }

    /** One line for each documented setting that the code has not, or has otherwise. */
    private static String difference(Map<String, String> settings, Map<String, String> documented) {
        return documented.entrySet().stream()
                .filter(row -> !row.getValue().equals(settings.get(row.getKey())))
                .map(row -> settings.containsKey(row.getKey())
                        ? row.getKey() + " is " + settings.get(row.getKey()) + ", not " + row.getValue()
                        : row.getKey() + " is not a setting")
                .collect(Collectors.joining("\n"));
    }

    private static void collect(String prefix, Class<?> type, Map<String, String> settings) {
        for (Method method : type.getDeclaredMethods()) {
            WithName name = method.getAnnotation(WithName.class);
            String property = prefix + "." + (name == null ? kebab(method.getName()) : name.value());
            Class<?> result = method.getReturnType();
            if (result == Map.class) {
                property += ".\"MODEL\".*";
                settings.put(property, property.replaceAll("[^a-zA-Z0-9*]", "_").toUpperCase(Locale.ROOT) + " –");
            } else if (ConfiguredProperties.isGroup(result)) {
                collect(property, result, settings);
            } else {
                WithDefault value = method.getAnnotation(WithDefault.class);
                String variable = property.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
                settings.put(property, variable + " " + (value == null ? "–" : "`" + value.value() + "`"));
            }
        }
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String described(MatchResult row) {
        return row.group(2) + " " + row.group(3);
    }
}
