package dev.livebridge.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The npm package {@code clients/js}, packed and installed from its tarball as by a user. */
final class JsPackage {

    /** Where it is installed: below {@code node_modules}. */
    static final Path FOLDER = Path.of("target", "js-package");

    private static final String NPM =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? "npm.cmd" : "npm";

    private JsPackage() {}

    /** Builds, packs and installs it; skips the test where the development dependencies are not installed. */
    static void install() throws IOException, InterruptedException {
        boolean ready = Files.isDirectory(Path.of("node_modules", "esbuild"));
        if (!ready) {
            System.err.println(
                    "[WARNING] THE NPM PACKAGE IS NOT TESTED: its tools are installed with the JavaScript checks.");
        }
        assertTrue(ready || !Boolean.getBoolean("node.required"), "esbuild is not installed");
        assumeTrue(ready);
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("package.json"), "{\"private\":true,\"type\":\"module\"}");
        String packed = run(
                Path.of("clients", "js"),
                List.of(
                        NPM,
                        "pack",
                        "--silent",
                        "--pack-destination",
                        FOLDER.toAbsolutePath().toString()));
        String tarball = packed.lines().reduce((_, last) -> last).orElse("");
        run(FOLDER, List.of(NPM, "install", "--silent", "--offline", "--no-package-lock", "./" + tarball));
    }

    /** The output of a program that ends well. */
    static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
        return output;
    }
}
