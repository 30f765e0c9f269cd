import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lints, type-checks and tests the web client. Maven runs it as a single source file, without a shell.
 *
 * <p>Without Node.js it warns and succeeds, unless the first argument is {@code true}.
 */
class JavaScriptChecks {

    private static final int MIN_NODE = 20;
    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (!Files.exists(Path.of("package.json"))) {
            System.out.println("No package.json, so no JavaScript to check.");
            return;
        }
        boolean required = arguments.length > 0 && Boolean.parseBoolean(arguments[0]);
        String missing = missingTool();
        if (missing != null) {
            System.out.println((required ? "[ERROR] " : "[WARNING] ") + "THE WEB CLIENT IS NOT CHECKED: " + missing);
            System.exit(required ? 1 : 0);
        }
        if (installIsStale()) {
            // Not "npm ci": it refuses a lock file without other platforms' optional binaries, and a lock file written
            // with a partial mirror lacks them. Both commands use the lock file's versions and checksums.
            npm("install", "--no-save", "--prefer-offline", "--no-audit", "--no-fund");
        }
        npm("run", "--silent", "check");
        npm("test", "--silent");
    }

    private static String missingTool() throws IOException, InterruptedException {
        if (!onPath("node") || !onPath("npm")) {
            return "no node or no npm on the PATH; install Node.js " + MIN_NODE + " or newer.";
        }
        Process node = new ProcessBuilder("node", "--version").start();
        String version = new String(node.getInputStream().readAllBytes()).strip();
        node.waitFor();
        int major = version.matches("v\\d+\\..*") ? Integer.parseInt(version.substring(1, version.indexOf('.'))) : 0;
        return major >= MIN_NODE ? null : "Node.js is " + version + ", but " + MIN_NODE + " or newer is needed.";
    }

    private static boolean onPath(String command) {
        String suffix = WINDOWS ? (command.equals("npm") ? ".cmd" : ".exe") : "";
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, command + suffix))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a package file is newer than the lock file that npm writes at the end of an installation. */
    private static boolean installIsStale() throws IOException {
        Path installed = Path.of("node_modules", ".package-lock.json");
        if (!Files.exists(installed)) {
            return true;
        }
        for (Path source : List.of(Path.of("package.json"), Path.of("package-lock.json"))) {
            if (Files.exists(source)
                    && Files.getLastModifiedTime(source).compareTo(Files.getLastModifiedTime(installed)) > 0) {
                return true;
            }
        }
        return false;
    }

    private static void npm(String... arguments) throws IOException, InterruptedException {
        System.out.println("npm " + String.join(" ", arguments));
        List<String> command = new ArrayList<>(List.of(WINDOWS ? "npm.cmd" : "npm"));
        command.addAll(List.of(arguments));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            System.exit(status);
        }
    }
}
