package dev.livebridge.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.config.ConfiguredProperties;
import io.quarkus.runtime.configuration.DurationConverter;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;

/**
 * Upper bound of the time from SIGTERM to the end of the process, computed from the settings.
 *
 * @param delay what {@code quarkus.shutdown.delay} adds, readiness being down already
 * @param drain until conversations are moved in the middle of a turn, too
 * @param spread over which conversations are moved
 */
record ShutdownTimes(Duration delay, Duration drain, Duration spread) {

    static ShutdownTimes of(ObjectNode settings) {
        return new ShutdownTimes(
                duration(applicationProperty("quarkus.shutdown.delay")),
                duration(setting(settings, "livebridge.drain.timeout")),
                duration(setting(settings, "livebridge.drain.spread")));
    }

    Duration total() {
        return delay.plus(drain).plus(spread);
    }

    private static String setting(ObjectNode settings, String property) {
        return settings.path(property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
                .asText(ConfiguredProperties.all().stream()
                        .filter(known -> known.name().equals(property))
                        .findFirst()
                        .flatMap(ConfiguredProperties.Property::defaultValue)
                        .orElseThrow(() -> new AssertionError("no setting is called " + property)));
    }

    private static String applicationProperty(String name) {
        Properties application = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            application.load(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return application.getProperty("%prod." + name, application.getProperty(name, "0s"));
    }

    private static Duration duration(String text) {
        return DurationConverter.parseDuration(text);
    }
}
