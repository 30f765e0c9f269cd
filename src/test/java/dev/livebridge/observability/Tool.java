package dev.livebridge.observability;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A program of the Debian packages {@code prometheus} and {@code prometheus-alertmanager}, or of their archives. Where
 * it is missing the test is skipped and says so, or fails with {@code -Dprometheus.required=true}.
 *
 * @param path where it is
 */
public record Tool(Path path) {

    /** The first of these names that is on the {@code PATH}. */
    public static Tool find(String... names) {
        Optional<Path> found = Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            String missing = "THE DASHBOARDS AND ALERTS ARE NOT CHECKED: no " + names[0] + " on the PATH";
            if (Boolean.getBoolean("prometheus.required")) {
                Assertions.fail(missing);
            }
            System.err.println("[WARNING] " + missing);
            Assumptions.abort(missing);
        }
        return new Tool(found.orElseThrow());
    }

    /** Runs the program; returns its errors, empty on success. */
    public String complaints(Path folder, List<String> arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : output;
    }

    /** Like {@link #complaints}, with standard input. */
    public String complaintsAbout(String input, List<String> arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : output;
    }

    /** Starts the program as a server; its log goes to a file in the folder. */
    public Process serve(Path folder, List<String> arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(
                        folder.resolve(path.getFileName() + ".log").toFile()))
                .start();
    }

    private List<String> command(List<String> arguments) {
        return Stream.concat(Stream.of(path.toString()), arguments.stream()).toList();
    }
}
