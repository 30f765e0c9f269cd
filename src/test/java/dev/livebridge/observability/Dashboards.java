package dev.livebridge.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The dashboards in the repository. */
public final class Dashboards {

    private static final Path FOLDER = Path.of("deploy", "observability", "dashboards");

    private Dashboards() {}

    /**
     * A dashboard.
     *
     * @param file its name
     * @param json all of it
     */
    public record Dashboard(String file, JsonNode json) {

        /** Its panels without the rows. */
        public Stream<Panel> panels() {
            return StreamSupport.stream(json.get("panels").spliterator(), false)
                    .filter(panel -> !panel.get("type").asText().equals("row"))
                    .map(panel -> new Panel(file, panel));
        }
    }

    /**
     * A panel.
     *
     * @param file its dashboard's file
     * @param json all of it
     */
    public record Panel(String file, JsonNode json) {

        /** Its question. */
        public String title() {
            return json.path("title").asText();
        }

        /** Its PromQL expressions. */
        public List<String> expressions() {
            return StreamSupport.stream(json.path("targets").spliterator(), false)
                    .map(target -> target.path("expr").asText())
                    .toList();
        }

        @Override
        public String toString() {
            return file + ": " + title();
        }
    }

    /** All of them. */
    public static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Dashboards::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Dashboard read(Path file) {
        try {
            return new Dashboard(file.getFileName().toString(), new ObjectMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
