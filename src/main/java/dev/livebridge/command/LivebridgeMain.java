package dev.livebridge.command;

import dev.livebridge.access.keys.KeysCommand;
import dev.livebridge.load.LoadCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.Console;
import java.util.Arrays;

/**
 * The entry point. The first argument selects the command: {@code load}, {@code keys} and {@code --version} run without
 * the service, anything else starts it.
 */
@QuarkusMain
public final class LivebridgeMain {

    private LivebridgeMain() {}

    /** Runs a command or the service. */
    public static void main(String... arguments) {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "load" -> {
                String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
                System.exit(new LoadCommand(System.out, System.err, isTerminal()).run(options));
            }
            case "keys" -> {
                String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
                System.exit(new KeysCommand(System.out, System.err).run(options));
            }
            case "--version" -> System.out.println("livebridge " + Version.read());
            default -> Quarkus.run(arguments);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is null again since JDK 25 when the output goes elsewhere
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
