package dev.livebridge.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code load}: holds conversations with a running service and reports the measurements. */
public final class LoadCommand {

    private static final int CLEAN = 0;
    private static final int FAULTY = 1;
    private static final int BAD_USAGE = 2;

    /** How long Ctrl-C waits for the figures. */
    private static final long REPORT_TIMEOUT_SECONDS = 15;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;

    /**
     * The command.
     *
     * @param out for the figures
     * @param err for errors and progress
     * @param terminal whether a person looks at them
     */
    public LoadCommand(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Runs it to its end.
     *
     * @return the exit code: 0 nothing was lost, 1 something was lost or the service did not answer, 2 the options are
     *     invalid
     */
    public int run(String... arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            out.print(CommandLine.HELP);
            return CLEAN;
        }
        try {
            return run(CommandLine.parse(arguments));
        } catch (BadUsageException e) {
            err.println("load: " + e.getMessage());
            return BAD_USAGE;
        } catch (LoadFailedException | IOException e) {
            err.println("load: " + e.getMessage());
            return FAULTY;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAULTY;
        }
    }

    private int run(LoadOptions options) throws LoadFailedException, IOException, InterruptedException {
        Progress progress = new Progress(err, terminal, LoadRun.expected(options));
        CountDownLatch reported = new CountDownLatch(1);
        try (LoadRun run = new LoadRun(options, progress)) {
            Thread shutdownHook = new Thread(() -> endAndWait(run, reported), "load-shutdown");
            Runtime.getRuntime().addShutdownHook(shutdownHook);
            LoadReport report = run.run();
            if (options.json() != null) {
                Files.writeString(options.json(), report.json() + System.lineSeparator());
            }
            out.println(report.table());
            out.flush();
            return report.isClean() ? CLEAN : FAULTY;
        } finally {
            reported.countDown();
        }
    }

    /** On Ctrl-C: keeps the process alive until the report is written. */
    private static void endAndWait(LoadRun run, CountDownLatch reported) {
        run.end();
        try {
            reported.await(REPORT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
