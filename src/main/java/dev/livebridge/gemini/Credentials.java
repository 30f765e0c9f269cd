package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.ReloadedFiles;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * The service's key for Gemini: fixed at the start, or read from a file that may change. {@link #toString} and errors
 * never contain it.
 */
@Singleton
public class Credentials implements ReloadedFiles {

    private static final String PROPERTY = "livebridge.gemini.api-key";
    private static final String FILE_PROPERTY = "livebridge.gemini.api-key-file";

    /** Connections outlive the key they were opened with; Gemini may quote any of these keys on them. */
    private static final int MAX_KNOWN_KEYS = 4;

    private final Supplier<String> apiKey;
    private final List<SecretFile<?>> files;
    private final Deque<String> known = new ArrayDeque<>();

    /**
     * Takes the first key that is set: {@code livebridge.gemini.api-key-file}, {@code livebridge.gemini.api-key},
     * {@code GEMINI_API_KEY}, {@code GOOGLE_API_KEY}.
     *
     * @throws ConfigurationException when both of the first two are set, when the file can't be read, or when the key
     *     can't be a header's value; the message does not show it
     */
    @Inject
    public Credentials(LivebridgeConfig livebridge, Config config) {
        Optional<Path> file = livebridge.gemini().apiKeyFile();
        Optional<String> own = present(livebridge.gemini().apiKey());
        if (file.isPresent() && own.isPresent()) {
            throw new ConfigurationException("Both " + PROPERTY + " and " + FILE_PROPERTY + " are set: remove one.");
        }
        if (file.isPresent()) {
            SecretFile<String> secret =
                    SecretFile.open(FILE_PROPERTY, file.get(), text -> checked(text.strip(), FILE_PROPERTY));
            apiKey = secret::current;
            files = List.of(secret);
        } else {
            String fixed = Stream.of(
                            own,
                            present(config.getOptionalValue("GEMINI_API_KEY", String.class)),
                            present(config.getOptionalValue("GOOGLE_API_KEY", String.class)))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElse("");
            checked(fixed, "GEMINI_API_KEY");
            apiKey = () -> fixed;
            files = List.of();
        }
    }

    private static Optional<String> present(Optional<String> value) {
        return value.map(String::strip).filter(key -> !key.isEmpty());
    }

    private static String checked(String key, String where) {
        if (key.chars().anyMatch(character -> character <= ' ' || character > '~')) {
            throw new ConfigurationException("The API key for Gemini (" + where + ") holds a space, a line end or a"
                    + " character outside ASCII: check how it was copied.");
        }
        return key;
    }

    /** The key as it is now, if there is one. */
    Optional<String> apiKey() {
        String key = apiKey.get();
        if (key.isEmpty()) {
            return Optional.empty();
        }
        remember(key);
        return Optional.of(key);
    }

    /** The key as it is now and those that were used before it, the newest first: no text may contain one of them. */
    List<String> known() {
        apiKey();
        synchronized (known) {
            return List.copyOf(known);
        }
    }

    private void remember(String key) {
        synchronized (known) {
            if (!key.equals(known.peekFirst())) {
                known.remove(key);
                known.addFirst(key);
                if (known.size() > MAX_KNOWN_KEYS) {
                    known.removeLast();
                }
            }
        }
    }

    @Override
    public String toString() {
        return apiKey.get().isEmpty() ? "no key" : "a key";
    }

    @Override
    public List<SecretFile<?>> reloadedFiles() {
        return files;
    }
}
