package dev.livebridge.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;

/** The measurements of docs/proxies.md are those that the tests of this package make. */
class ProxiesPageTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|]*) \\| (HAProxy|nginx) \\| (\\d+) \\| (\\d+) \\|");

    @Test
    void thePageHasARowForEachMeasurementAndNoOther() throws IOException, NoSuchMethodException {
        List<String> restarts = Stream.of(RollingRestartIT.class
                        .getDeclaredMethod("nobodyLosesTheirConversation", Proxy.Kind.class, int.class, int.class)
                        .getAnnotation(CsvSource.class)
                        .value())
                .map(run -> "restart of each instance in turn, " + run)
                .toList();
        List<String> losses = Stream.of("SIGTERM to one instance, ", "SIGKILL to one instance, ")
                .map(event -> event + "HAPROXY, 2, " + LostInstanceIT.TALKERS)
                .toList();

        List<String> rows = ROW.matcher(Files.readString(Path.of("docs/proxies.md")))
                .results()
                .map(row -> row.group(1) + ", " + row.group(2).toUpperCase(Locale.ROOT) + ", " + row.group(3) + ", "
                        + row.group(4))
                .toList();

        assertEquals(Stream.concat(restarts.stream(), losses.stream()).toList(), rows);
    }
}
