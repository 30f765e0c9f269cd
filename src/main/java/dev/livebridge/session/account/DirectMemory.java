package dev.livebridge.session.account;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * How much memory outside the heap buffers may take. The JVM has no method that tells it; its flag does. Without the
 * flag the limit is the size of the heap, on the JVM and in a native executable.
 */
public final class DirectMemory {

    private static final Logger LOG = Logger.getLogger(DirectMemory.class);
    private static final Pattern FLAG = Pattern.compile("-XX:MaxDirectMemorySize=(\\d{1,18})([kKmMgGtT]?)");

    private DirectMemory() {}

    /**
     * The limit of this process.
     *
     * @param heapBytes what the heap can grow to
     */
    public static long limit(long heapBytes) {
        return limit(heapBytes, () -> ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /**
     * The limit.
     *
     * @param arguments of the runtime; may throw where the runtime does not tell them
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
            LOG.debugf("the runtime does not tell its arguments: %s", e.toString());
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
