package dev.livebridge.load;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses the options of {@code load}; refuses targets that the operator has not confirmed. */
final class CommandLine {

    /** Shown by {@code --help}. */
    static final String HELP = """
            Holds conversations with a running service and measures them.

            usage: load [options]

              --target URL           where the service is: ws or wss, host and port (ws://127.0.0.1:9080)
              --confirm-target HOST  repeats the host of a target that is not this machine
              --dialect NAME         live, tutorial or gemini (live)
              --exercise NAME        talk: speak, listen, think, interrupt; echo: every chunk comes straight back (talk)
              --talkers N[,N...]     how many; several numbers are steps, each measured by itself (10)
              --idle PERCENT         share of talkers who only keep their conversation open (0)
              --ramp TIME            time in which a step is reached (5s)
              --duration TIME        time for which a step is measured, at most 1h (30s)
              --speech TIME          mean length of a turn (2s)
              --think TIME           mean pause before the next turn (2s)
              --barge-in PERCENT     share of answers that are interrupted (10)
              --chunk MILLIS         length of a chunk, 10 to 200; without it talkers use 20, 30 and 40
              --seed N               of everything drawn by random (1)
              --metrics URL          the service's scrape page: adds its CPU time and its own share of the latency,
                                     and says how many sessions a pod carries
              --max-share MILLIS     the service's own share, 99th percentile, that a carried step may have (5)
              --max-cpu PERCENT      of the service's cores that a carried step may use (70)
              --json FILE            writes the figures there as well

            The service's backend must be the simulator: real models do not repeat the talkers' audio.
            Times are written 500ms, 10s, 5m, 1h. Ctrl-C ends early and shows what was measured so far.

            exit codes: 0 nothing was lost, 1 something was lost or the service did not answer, 2 the options are invalid
            """;

    private static final int MAX_TALKERS = 20_000;
    private static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    static final Set<String> NAMES = Set.of(
            "target",
            "confirm-target",
            "dialect",
            "exercise",
            "talkers",
            "idle",
            "ramp",
            "duration",
            "speech",
            "think",
            "barge-in",
            "chunk",
            "seed",
            "metrics",
            "max-share",
            "max-cpu",
            "json");

    private final Map<String, String> given;

    private CommandLine(Map<String, String> given) {
        this.given = given;
    }

    /**
     * Reads the options.
     *
     * @throws BadUsageException with one sentence for the user
     */
    static LoadOptions parse(String... arguments) throws BadUsageException {
        return new CommandLine(split(arguments)).read();
    }

    private static Map<String, String> split(String... arguments) throws BadUsageException {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith("--")) {
                throw new BadUsageException("'" + argument + "' is not an option; options begin with --");
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
            if (!NAMES.contains(name)) {
                throw new BadUsageException("there is no option --" + name + "; load --help lists them");
            }
            if (equals < 0 && (i + 1 == arguments.length || arguments[i + 1].startsWith("--"))) {
                throw new BadUsageException("--" + name + " needs a value");
            }
            String value = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
            if (given.put(name, value) != null) {
                throw new BadUsageException("--" + name + " is given twice");
            }
        }
        return given;
    }

    private LoadOptions read() throws BadUsageException {
        URI target = address("target", "ws://127.0.0.1:9080", Set.of("ws", "wss"));
        if (!target.getRawPath().isEmpty() && !target.getRawPath().equals("/")) {
            throw new BadUsageException("--target takes no path; --dialect chooses it");
        }
        URI metrics = given.containsKey("metrics") ? address("metrics", "", Set.of("http", "https")) : null;
        checkPermission(target, metrics);
        TalkerSettings talkerSettings = new TalkerSettings(
                time("speech", "2s", Duration.ofMillis(200), Duration.ofSeconds(15)),
                time("think", "2s", Duration.ZERO, Duration.ofMinutes(10)),
                (int) number("barge-in", "10", 0, 100),
                (int) number("idle", "0", 0, 100),
                given.containsKey("chunk") ? (int) number("chunk", "", 10, 200) : 0,
                number("seed", "1", Long.MIN_VALUE, Long.MAX_VALUE));
        return new LoadOptions(
                target,
                choice("dialect", DialectName.LIVE, DialectName.values()),
                choice("exercise", Exercise.TALK, Exercise.values()),
                steps(),
                time("ramp", "5s", Duration.ZERO, Duration.ofMinutes(30)),
                time("duration", "30s", Duration.ofSeconds(1), MAX_DURATION),
                talkerSettings,
                metrics,
                new Bounds(number("max-share", "5", 1, 10_000), (int) number("max-cpu", "70", 1, 100)),
                given.containsKey("json") ? file(given.get("json")) : null);
    }

    private String value(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    private URI address(String name, String otherwise, Set<String> schemes) throws BadUsageException {
        String text = value(name, otherwise);
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            throw new BadUsageException("--" + name + " is not a URL: '" + text + "'");
        }
        if (address.getScheme() == null || !schemes.contains(address.getScheme()) || address.getHost() == null) {
            throw new BadUsageException("--" + name + " takes a URL that begins with "
                    + schemes.stream().sorted().map(scheme -> scheme + "://").collect(Collectors.joining(" or "))
                    + ", not '" + text + "'");
        }
        if (address.getRawUserInfo() != null || address.getRawQuery() != null || address.getRawFragment() != null) {
            throw new BadUsageException("--" + name + " takes neither credentials nor a query");
        }
        return address;
    }

    /** Load on a foreign host is an attack: a host that is not this machine must be confirmed. */
    private void checkPermission(URI target, @Nullable URI metrics) throws BadUsageException {
        String confirmed = given.get("confirm-target");
        String host = target.getHost();
        if (confirmed != null && !confirmed.equalsIgnoreCase(host)) {
            throw new BadUsageException("--confirm-target names '" + confirmed + "', --target '" + host + "'");
        }
        if (confirmed == null && !isLoopback(host)) {
            throw new BadUsageException("'" + host + "' is not this machine; repeat it with --confirm-target " + host
                    + " if you may put load on it");
        }
        if (metrics != null
                && !isLoopback(metrics.getHost())
                && !metrics.getHost().equalsIgnoreCase(host)) {
            throw new BadUsageException("--metrics names neither this machine nor the host of --target");
        }
    }

    /** Checks the text only: names are not resolved, since a name may point to another machine later. */
    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private List<Integer> steps() throws BadUsageException {
        String text = value("talkers", "10");
        try {
            List<Integer> steps =
                    Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
            int before = 0;
            for (int step : steps) {
                if (step <= before || step > MAX_TALKERS) {
                    throw new BadUsageException(
                            "--talkers takes rising numbers from 1 to " + MAX_TALKERS + ", not '" + text + "'");
                }
                before = step;
            }
            return steps;
        } catch (NumberFormatException e) {
            throw new BadUsageException(
                    "--talkers takes a number, or several with commas between them, not '" + text + "'");
        }
    }

    private long number(String name, String otherwise, long least, long most) throws BadUsageException {
        String text = value(name, otherwise);
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        throw new BadUsageException(
                "--" + name + " takes a whole number from " + least + " to " + most + ", not '" + text + "'");
    }

    private Duration time(String name, String otherwise, Duration least, Duration most) throws BadUsageException {
        String text = value(name, otherwise);
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new BadUsageException("--" + name + " takes a time such as 500ms, 10s or 5m, not '" + text + "'");
        }
        long amount = Long.parseLong(time.group(1));
        Duration duration = switch (Objects.requireNonNull(time.group(2))) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new BadUsageException("--" + name + " takes a time from " + inWords(least) + " to " + inWords(most)
                    + ", not '" + text + "'");
        }
        return duration;
    }

    private static String inWords(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private <E extends Enum<E>> E choice(String name, E otherwise, E[] values) throws BadUsageException {
        String text = value(name, otherwise.name().toLowerCase(Locale.ROOT));
        for (E each : values) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new BadUsageException("--" + name + " takes "
                + Arrays.stream(values)
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or "))
                + ", not '" + text + "'");
    }

    private static Path file(@Nullable String name) throws BadUsageException {
        if (name == null || name.isBlank()) {
            throw new BadUsageException("--json needs the name of a file");
        }
        Path file = Path.of(name);
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null
                || !directory.toFile().isDirectory()
                || file.toFile().isDirectory()) {
            throw new BadUsageException("--json: there is no such directory, or it is not a file: '" + name + "'");
        }
        return file;
    }
}
