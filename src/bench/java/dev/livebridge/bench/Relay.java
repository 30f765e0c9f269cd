package dev.livebridge.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A relay in a process of its own, ended by its pid, and what {@code /proc} says of that process. */
record Relay(Process process, int port) implements AutoCloseable {

    private static final int HISTOGRAM_ROWS = 60;

    /** Starts a Java program. */
    static Relay java(List<String> arguments, Map<String, String> environment, String announcement) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx512m"));
        command.addAll(
                List.of(System.getProperty("bench.jvm", "-XX:+UseSerialGC").split(" ")));
        command.addAll(arguments);
        return start(command, environment, announcement);
    }

    /**
     * Starts a program and waits for the line with its port.
     *
     * @param announcement the text in front of the port
     * @throws IOException when it does not start; its output is printed
     */
    static Relay start(List<String> command, Map<String, String> environment, String announcement) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        while ((line = output.readLine()) != null) {
            int at = line.indexOf(announcement);
            if (at >= 0) {
                String port = line.substring(at + announcement.length()).replaceAll("\\D.*", "");
                Thread.ofVirtual().start(() -> discard(output));
                return new Relay(process, Integer.parseInt(port));
            }
            System.out.println(line);
        }
        throw new IOException("a relay did not start: " + command);
    }

    /** Reads the output of the process, which would block once the pipe is full. */
    private static void discard(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException _) {
            // The process was stopped, and its pipe closed with it.
        }
    }

    /** User and system time of the process so far, in microseconds, in steps of a clock tick (10 ms). */
    double cpuMicros() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
    }

    /** Voluntary and involuntary context switches of all threads that run. */
    long contextSwitches() throws IOException {
        long sum = 0;
        for (Path task : tasks()) {
            sum += sumOf(task.resolve("status"), "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:");
        }
        return sum;
    }

    private List<Path> tasks() throws IOException {
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            return tasks.toList();
        }
    }

    /** Resident memory of the process, in bytes. */
    long residentBytes() throws IOException {
        return sumOf(proc("status"), "VmRSS:") * 1024;
    }

    private Path proc(String file) {
        return Path.of("/proc", "" + process.pid(), file);
    }

    private static long sumOf(Path status, String... names) throws IOException {
        List<String> wanted = List.of(names);
        long sum = 0;
        List<String> lines;
        try {
            lines = Files.readAllLines(status);
        } catch (IOException _) {
            // The thread has ended since the directory was listed.
            return 0;
        }
        for (String line : lines) {
            String[] words = line.split("\\s+");
            if (wanted.contains(words[0])) {
                sum += Long.parseLong(words[1]);
            }
        }
        return sum;
    }

    /** Bytes that survive a full collection; only for a Java program. */
    long liveHeapBytes() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd", "" + process.pid(), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        boolean detailed = Boolean.getBoolean("bench.histogram");
        String last = "";
        int rows = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(jcmd.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (detailed && rows++ < HISTOGRAM_ROWS) {
                    System.out.println(line);
                }
                if (line.startsWith("Total")) {
                    last = line;
                }
            }
        }
        jcmd.waitFor();
        String[] words = last.trim().split("\\s+");
        return Long.parseLong(words[2]);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
