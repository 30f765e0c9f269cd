package dev.livebridge.access.keys;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.ReloadedFiles;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The valid API keys. A changed file is read again; if it is unreadable or invalid, the previous keys stay valid.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
@Startup
public class ApiKeys implements ReloadedFiles {

    private final @Nullable SecretFile<KeyFile> file;

    /**
     * Reads the file, if it is configured.
     *
     * @throws ConfigurationException with one sentence if the file is unreadable or invalid
     */
    @Inject
    public ApiKeys(LivebridgeConfig config) {
        this(config.access().keysFile().orElse(null));
    }

    /**
     * Reads a file, if there is one.
     *
     * @throws ConfigurationException with one sentence if the file is unreadable or invalid
     */
    public ApiKeys(@Nullable Path path) {
        file = path == null ? null : SecretFile.open("livebridge.access.keys-file", path, KeyFile::parse);
    }

    /** Whether a text has the form of an API key of this service, valid or not. */
    public static boolean isApiKey(String text) {
        return text.startsWith(ApiKeyText.PREFIX);
    }

    /**
     * Finds the entry of a key.
     *
     * @param presented from the client, unchecked
     * @return empty for a key that is malformed, unknown or revoked; the entry of an expired key is returned
     */
    public Optional<ApiKey> find(String presented) {
        Optional<ApiKeyText> text = ApiKeyText.parse(presented);
        if (file == null || text.isEmpty()) {
            return Optional.empty();
        }
        byte[] digest = text.get().digest();
        return byId(text.get().id()).filter(entry -> entry.matches(digest));
    }

    /** Whether the key with an id is neither revoked nor expired. */
    public boolean isValid(String id, Instant now) {
        return byId(id).filter(key -> !key.hasExpired(now)).isPresent();
    }

    /** The entry of an id; empty if it is revoked. */
    public Optional<ApiKey> byId(String id) {
        return file == null
                ? Optional.empty()
                : Optional.ofNullable(file.current().keys().get(id));
    }

    @Override
    public List<SecretFile<?>> reloadedFiles() {
        return file == null ? List.of() : List.of(file);
    }
}
