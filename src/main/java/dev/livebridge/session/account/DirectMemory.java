package dev.livebridge.session.account;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The limit of direct memory (buffers outside the heap). No method of the JVM returns it, so its flag is read. Without
 * the flag the limit is the size of the heap, on the JVM and in a native executable.
 */
public final class DirectMemory {

    private static final Logger LOG = Logger.getLogger(DirectMemory.class);
    private static final Pattern FLAG = Pattern.compile("-XX:MaxDirectMemorySize=(\\d{1,18})([kKmMgGtT]?)");

    private DirectMemory() {}

    /**
     * The limit of this process.
     *
     * @param heapBytes the maximum size of the heap
     */
    public static long limit(long heapBytes) {
        return limit(heapBytes, () -> ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /**
     * The limit.
     *
     * @param arguments of the runtime; may throw where the runtime does not support it
     */
    public static long limit(long heapBytes, Supplier<List<String>> arguments) {
        long limit = heapBytes;
        for (String argument : runtimeArguments(arguments)) {
            Matcher flag = FLAG.matcher(argument);
            if (flag.matches()) {
                // As for the JVM, the last one counts, and zero means that there is none.
                long bytes = bytes(flag.group(1), flag.group(2));
                limit = bytes == 0 ? heapBytes : bytes;
            }
        }
        return limit;
    }

    private static List<String> runtimeArguments(Supplier<List<String>> arguments) {
        try {
            return arguments.get();
        } catch (RuntimeException | LinkageError e) {
            LOG.debugf("the arguments of the runtime are not available: %s", e.toString());
            return List.of();
        }
    }

    private static long bytes(String number, String unit) {
        int shift = switch (unit.toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            case "t" -> 40;
            default -> 0;
        };
        return Long.parseLong(number) << shift;
    }
}
