package dev.livebridge.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Stops the start when an environment variable that begins with {@code LIVEBRIDGE_} sets nothing: a misspelt one would
 * otherwise leave a limit or a key at its default. Properties are checked by their mapping; variables are not, because
 * the mapping can't tell ours from others.
 *
 * <p>Variables that Kubernetes adds for a Service called {@code livebridge} or {@code livebridge-…} are ignored.
 */
@Singleton
@Startup
public final class EnvironmentVariables {

    /** One variable per line, {@code *} for a model's name; written by a test from the interfaces of this package. */
    static final String RESOURCE = "/config/environment-variables.txt";

    private static final String PREFIX = "LIVEBRIDGE_";

    /** {@code %prod.livebridge.…} as a variable. */
    private static final Pattern PROFILE = Pattern.compile("^_(?:PROD|DEV|TEST)_(?=" + PREFIX + ")");

    /** An element of a list: {@code …allowed-origins[0]}. */
    private static final Pattern INDEX = Pattern.compile("_\\d+_$");

    /** kubernetes.io/docs/tutorials/services/connect-applications-service, "Environment Variables". */
    private static final Pattern SERVICE = Pattern.compile(
            "LIVEBRIDGE(_[A-Z0-9]+)*_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|LIVEBRIDGE(_[A-Z0-9]+)*_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

    /** Variables of earlier versions, and what to set now. */
    private static final Map<String, String> RENAMED = Map.of(
            "LIVEBRIDGE_SESSION_MAX_PER_POD", "LIVEBRIDGE_SESSION_MAX_PER_INSTANCE",
            "LIVEBRIDGE_SESSION_QUEUE_BYTES_PER_POD", "LIVEBRIDGE_SESSION_MEMORY_PER_INSTANCE");

    private static final Pattern SERVICE_PORT = Pattern.compile("LIVEBRIDGE(_[A-Z0-9]+)*_PORT");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://[0-9A-Fa-f.:\\[\\]]+");

    /**
     * Checks the environment of this process.
     *
     * @throws ConfigurationException naming the variables that set nothing, without their values
     */
    @Inject
    public EnvironmentVariables() {
        this(System.getenv());
    }

    EnvironmentVariables(Map<String, String> environment) {
        List<Pattern> known = known();
        List<String> unknown = environment.entrySet().stream()
                .filter(variable -> !isKnown(variable.getKey(), variable.getValue(), known))
                .map(Map.Entry::getKey)
                .sorted()
                .map(EnvironmentVariables::withNewName)
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("There is no setting for " + String.join(", ", unknown)
                    + ": see docs/configuration.md for the names of all.");
        }
    }

    private static String withNewName(String variable) {
        String now = RENAMED.get(variable);
        return now == null ? variable : variable + " (now " + now + ")";
    }

    private static boolean isKnown(String variable, String value, List<Pattern> known) {
        String name = PROFILE.matcher(variable).replaceFirst("");
        String whole = INDEX.matcher(name).replaceFirst("");
        return !name.startsWith(PREFIX)
                || known.stream().anyMatch(pattern -> pattern.matcher(name).matches())
                || known.stream().anyMatch(pattern -> pattern.matcher(whole).matches())
                || SERVICE.matcher(name).matches()
                || (SERVICE_PORT.matcher(name).matches()
                        && SERVICE_ADDRESS.matcher(value).matches());
    }

    private static List<Pattern> known() {
        try (InputStream in = requireNonNull(EnvironmentVariables.class.getResourceAsStream(RESOURCE))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> Pattern.compile(line.replace("*", "[A-Z0-9_]+")))
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
