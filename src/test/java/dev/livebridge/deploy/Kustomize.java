package dev.livebridge.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Renders a kustomization as {@code kubectl apply -k} would, with an installed {@code kustomize} or {@code kubectl}.
 *
 * <p>Without one the tests are skipped with a warning, or fail with {@code -Dkustomize.required=true}.
 */
final class Kustomize {

    /** The features that the overlays need: components, and patches without a list of their own per kind. */
    private static final int OLDEST = 5;

    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.\\d+\\.\\d+");

    private static final List<List<String>> CANDIDATES = List.of(
            List.of("target/tools/kubectl", "kustomize"),
            List.of("kustomize", "build"),
            List.of("kubectl", "kustomize"));

    private static final Optional<List<String>> COMMAND =
            CANDIDATES.stream().filter(Kustomize::isNewEnough).findFirst();

    private Kustomize() {}

    /** The rendered YAML of a folder with a {@code kustomization.yaml}. */
    static String render(Path kustomization) {
        List<String> command = Stream.concat(requireCommand().stream(), Stream.of(kustomization.toString()))
                .toList();
        try {
            Process process = new ProcessBuilder(command).start();
            String complaints;
            String yaml;
            try (var errors = process.getErrorStream();
                    var output = process.getInputStream()) {
                yaml = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                complaints = new String(errors.readAllBytes(), StandardCharsets.UTF_8);
            }
            // A warning is a deprecation that breaks with some later kubectl.
            if (process.waitFor() != 0 || !complaints.isBlank()) {
                throw new AssertionError(kustomization + " does not render cleanly: " + complaints.strip());
            }
            return yaml;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<String> requireCommand() {
        if (COMMAND.isEmpty()) {
            String missing = "THE MANIFESTS ARE NOT CHECKED: neither kustomize nor kubectl with kustomize " + OLDEST
                    + " or newer on the PATH";
            if (Boolean.getBoolean("kustomize.required")) {
                Assertions.fail(missing);
            }
            System.err.println("[WARNING] " + missing);
            Assumptions.abort(missing);
        }
        return COMMAND.orElseThrow();
    }

    private static boolean isNewEnough(List<String> command) {
        String program = command.getFirst();
        if (!isInstalled(program)) {
            return false;
        }
        List<String> version = command.getLast().equals("build")
                ? List.of(program, "version")
                : List.of(program, "version", "--client");
        try {
            Process process = new ProcessBuilder(version)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            Matcher number = VERSION.matcher(
                    said.contains("Kustomize Version:") ? said.substring(said.indexOf("Kustomize Version:")) : said);
            // kubectl before 1.26 does not say which kustomize it holds; it is too old.
            return (said.contains("Kustomize Version:") || command.getLast().equals("build"))
                    && number.find()
                    && Integer.parseInt(number.group(1)) >= OLDEST;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean isInstalled(String program) {
        return program.contains("/")
                ? Files.isExecutable(Path.of(program))
                : Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
