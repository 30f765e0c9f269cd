package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** The service's key for Gemini. Never shown: not by {@link #toString}, not in errors. */
@Singleton
public class Credentials {

    private final String apiKey;

    /**
     * Takes the first key that is set: {@code livebridge.gemini.api-key}, {@code GEMINI_API_KEY},
     * {@code GOOGLE_API_KEY}.
     *
     * @throws ConfigurationException when the key can't be a header's value; the message does not show it
     */
    public Credentials(LivebridgeConfig livebridge, Config config) {
        apiKey = Stream.of(
                        livebridge.gemini().apiKey(),
                        config.getOptionalValue("GEMINI_API_KEY", String.class),
                        config.getOptionalValue("GOOGLE_API_KEY", String.class))
                .flatMap(Optional::stream)
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .findFirst()
                .orElse("");
        if (apiKey.chars().anyMatch(character -> character <= ' ' || character > '~')) {
            throw new ConfigurationException("The API key for Gemini (GEMINI_API_KEY) holds a space, a line end or a"
                    + " character outside ASCII: check how it was copied.");
        }
    }

    /** The key, if there is one. */
    Optional<String> apiKey() {
        return apiKey.isEmpty() ? Optional.empty() : Optional.of(apiKey);
    }

    @Override
    public String toString() {
        return apiKey.isEmpty() ? "no key" : "a key";
    }
}
