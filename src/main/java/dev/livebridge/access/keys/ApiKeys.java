package dev.livebridge.access.keys;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API keys that are good now. The file is read again when it changes; a file that has become unreadable or wrong
 * changes nothing.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
@Startup
public class ApiKeys {

    private final @Nullable SecretFile<KeyFile> file;

    /**
     * Reads the file, if one is named.
     *
     * @throws ConfigurationException with one sentence when it can't be read or holds something else than keys
     */
    @Inject
    public ApiKeys(LivebridgeConfig config) {
        this(config.access().keysFile().orElse(null));
    }

    ApiKeys(@Nullable Path path) {
        file = path == null ? null : SecretFile.open("livebridge.access.keys-file", path, KeyFile::parse);
    }

    /** Whether a text looks like one of our keys, good or not. */
    public static boolean isOne(String text) {
        return text.startsWith(ApiKeyText.PREFIX);
    }

    /**
     * The entry of a key.
     *
     * @param presented as the caller has sent it; anything at all
     * @return nothing for a key that is malformed, unknown, wrong or revoked; an expired one is found
     */
    public Optional<ApiKey> find(String presented) {
        Optional<ApiKeyText> text = ApiKeyText.parse(presented);
        if (file == null || text.isEmpty()) {
            return Optional.empty();
        }
        byte[] digest = text.get().digest();
        return byId(text.get().id()).filter(entry -> entry.matches(digest));
    }

    /** The entry of an id, for a caller that has shown a key of it before. */
    public Optional<ApiKey> byId(String id) {
        return file == null
                ? Optional.empty()
                : Optional.ofNullable(file.current().keys().get(id));
    }
}
