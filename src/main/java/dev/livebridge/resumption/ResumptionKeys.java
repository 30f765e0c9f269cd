package dev.livebridge.resumption;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.ReloadedFiles;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys that seal tokens. The first key seals, all keys open. To rotate: add the new key at the end on all
 * instances, then move it to the front on all instances, and remove the old key when its tokens have expired.
 */
@Singleton
public class ResumptionKeys implements ReloadedFiles {

    private static final Logger LOG = Logger.getLogger(ResumptionKeys.class);
    private static final int KEY_BYTES = 32;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final String PROPERTY = "livebridge.resumption.keys";
    private static final String FILE_PROPERTY = "livebridge.resumption.keys-file";
    private static final Pattern SEPARATOR = Pattern.compile("[,\\r\\n]+");

    /**
     * A key.
     *
     * @param id in the token's header
     * @param secret AES, 256 bits
     */
    record Key(String id, SecretKey secret) {}

    private final Supplier<List<Key>> keys;
    private final List<SecretFile<?>> files;

    /**
     * Reads the keys from the settings or from a file; without either, generates a key for this process only.
     *
     * @throws ConfigurationException with one sentence that does not contain a key
     */
    @Inject
    public ResumptionKeys(LivebridgeConfig config) {
        this(
                config.resumption().keys().orElse(List.of()),
                config.resumption().keysFile().orElse(null),
                LaunchMode.current());
    }

    /** Keys from a configured list. */
    public ResumptionKeys(List<String> configured, LaunchMode mode) {
        this(configured, null, mode);
    }

    ResumptionKeys(List<String> configured, @Nullable Path file, LaunchMode mode) {
        if (file != null && !configured.isEmpty()) {
            throw new ConfigurationException("Both " + PROPERTY + " and " + FILE_PROPERTY + " are set: remove one.");
        }
        if (file != null) {
            SecretFile<List<Key>> secret = SecretFile.open(FILE_PROPERTY, file, ResumptionKeys::readLines);
            keys = secret::current;
            files = List.of(secret);
        } else {
            List<Key> fixed = configured.isEmpty() ? List.of(generate(mode)) : read(configured);
            keys = () -> fixed;
            files = List.of();
        }
    }

    private static List<Key> readLines(String text) {
        List<String> entries =
                SEPARATOR.splitAsStream(text).filter(entry -> !entry.isBlank()).toList();
        if (entries.isEmpty()) {
            throw new ConfigurationException(FILE_PROPERTY + ": the file holds no key.");
        }
        return read(entries);
    }

    private static Key generate(LaunchMode mode) {
        if (mode == LaunchMode.NORMAL) {
            LOG.warn(PROPERTY + " is not set: sessions of a crashed or stopped instance can't resume on another one");
        }
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        return key(idOf(secret), secret);
    }

    private static List<Key> read(List<String> configured) {
        List<Key> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (String entry : configured) {
            Key key = read(entry.strip(), keys.size() + 1);
            if (!ids.add(key.id())) {
                throw new ConfigurationException(PROPERTY + ": key " + (keys.size() + 1)
                        + " has the id of an earlier key; the ids must be unique.");
            }
            keys.add(key);
        }
        return List.copyOf(keys);
    }

    private static Key read(String entry, int position) {
        int colon = entry.indexOf(':');
        byte[] secret = decode(entry.substring(colon + 1), position);
        if (secret.length != KEY_BYTES) {
            throw new ConfigurationException(PROPERTY + ": key " + position + " has " + secret.length
                    + " bytes, but must have " + KEY_BYTES + "; make one with: openssl rand -base64 32");
        }
        if (colon < 0) {
            return key(idOf(secret), secret);
        }
        String id = entry.substring(0, colon);
        if (!ID.matcher(id).matches()) {
            throw new ConfigurationException(PROPERTY + ": the id of key " + position
                    + " must be 1 to 32 letters, digits, hyphens or underscores.");
        }
        return key(id, secret);
    }

    private static byte[] decode(String base64, int position) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    PROPERTY + ": key " + position + " is not base64; make one with: openssl rand -base64 32");
        }
    }

    private static Key key(String id, byte[] secret) {
        return new Key(id, new SecretKeySpec(secret, "AES"));
    }

    /** The id of a key without a configured one; derived from the key, so that all instances use the same id. */
    private static String idOf(byte[] secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The key that seals. */
    Key newest() {
        return keys.get().getFirst();
    }

    /** The key of a token's header. */
    Optional<Key> find(String id) {
        return keys.get().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    @Override
    public List<SecretFile<?>> reloadedFiles() {
        return files;
    }
}
