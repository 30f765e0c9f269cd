package dev.livebridge.config;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in README.md is the config interfaces' names, environment variables and defaults. */
class ConfigurationTableTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(livebridge\\.[^`]*)` \\| `([A-Z_0-9*]+)` \\| ([^|]*) \\|");

    @Test
    void theReadmeTellsWhatCanBeSet() throws IOException {
        // Given
        Map<String, String> settings = new TreeMap<>();
        Stream.of(LivebridgeConfig.class, SimulatorConfig.class)
                .forEach(type -> collect(
                        requireNonNull(type.getAnnotation(ConfigMapping.class)).prefix(), type, settings));
        assertFalse(settings.isEmpty());

        // When
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("README.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), described(row)));

        // Then
        assertEquals(lines(settings), lines(documented));
    }

    private static void collect(String prefix, Class<?> type, Map<String, String> settings) {
        for (Method method : type.getDeclaredMethods()) {
            WithName name = method.getAnnotation(WithName.class);
            String property = prefix + "." + (name == null ? kebab(method.getName()) : name.value());
            Class<?> result = method.getReturnType();
            if (result == Map.class) {
                property += ".\"MODEL\".*";
                settings.put(property, property.replaceAll("[^a-zA-Z0-9*]", "_").toUpperCase(Locale.ROOT) + " –");
            } else if (result.isInterface() && result.getEnclosingClass() == type) {
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

    /** One line per setting, so that a difference is easy to see. */
    private static String lines(Map<String, String> settings) {
        return String.join(
                "\n",
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " " + setting.getValue())
                        .toList());
    }
}
