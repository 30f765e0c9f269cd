package dev.livebridge.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A secret in a file, read at the start and again when it changes, so that it can be replaced without a restart.
 *
 * <p>The file is UTF-8 text of at most 64 KiB; line ends at its end are not part of the secret. It is read again when
 * the secret is used, at most once a second. If the file becomes unreadable or invalid, the last good value is kept,
 * and a warning gives the reason. No message contains the content of the file.
 *
 * <p>Safe for use by many threads.
 *
 * @param <T> what the text is read as
 */
public final class SecretFile<T> {

    /** Larger files are refused; the largest secret here is a list of keys. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final Logger LOG = Logger.getLogger(SecretFile.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final String setting;
    private final Path path;
    private final int maxBytes;
    private final Function<String, T> reader;
    private final LongSupplier clock;
    private volatile Held<T> held;
    private volatile long readNanos;
    private volatile @Nullable String complaint;

    /** The text and what it was read as. */
    private record Held<T>(String text, T value) {
        @Override
        public String toString() {
            return "a secret";
        }
    }

    private SecretFile(String setting, Path path, int maxBytes, Function<String, T> reader, LongSupplier clock) {
        this.setting = setting;
        this.maxBytes = maxBytes;
        this.path = path;
        this.reader = reader;
        this.clock = clock;
        String text = read();
        this.held = new Held<>(text, reader.apply(text));
        this.readNanos = clock.getAsLong();
    }

    /**
     * Reads a file for the first time.
     *
     * @param setting the property that names the file, for messages
     * @param path where it is
     * @param reader makes a value of the text; throws {@link ConfigurationException} with a message that shows nothing
     *     of it
     * @throws ConfigurationException with one sentence when the file is missing, unreadable, empty, too large, not
     *     text, or refused by the reader
     */
    public static <T> SecretFile<T> open(String setting, Path path, Function<String, T> reader) {
        return open(setting, path, reader, System::nanoTime);
    }

    static <T> SecretFile<T> open(String setting, Path path, Function<String, T> reader, LongSupplier clock) {
        SecretFile<T> file = new SecretFile<>(setting, path, MAX_BYTES, reader, clock);
        file.warnIfOthersCanRead();
        return file;
    }

    /** As {@link #open(String, Path, Function)}, for a file that holds no secret and that others may read. */
    public static <T> SecretFile<T> openPublic(String setting, Path path, Function<String, T> reader) {
        return openPublic(setting, path, MAX_BYTES, reader);
    }

    /**
     * The same for another size.
     *
     * @param maxBytes a larger file is refused
     */
    public static <T> SecretFile<T> openPublic(String setting, Path path, int maxBytes, Function<String, T> reader) {
        return new SecretFile<>(setting, path, maxBytes, reader, System::nanoTime);
    }

    /** The value, as the file has it now or had it when it was last good. */
    public T current() {
        if (clock.getAsLong() - readNanos >= INTERVAL_NANOS) {
            refresh();
        }
        return held.value();
    }

    /**
     * Whether the content in use is the file's, after a look at the file; {@code false} while the file is unreadable or
     * invalid and the previous content stays in use.
     */
    public boolean upToDate() {
        var _ = current();
        return complaint == null;
    }

    /** The property that names the file. */
    public String setting() {
        return setting;
    }

    private synchronized void refresh() {
        long now = clock.getAsLong();
        if (now - readNanos < INTERVAL_NANOS) {
            return;
        }
        readNanos = now;
        try {
            String text = read();
            if (!text.equals(held.text())) {
                held = new Held<>(text, reader.apply(text));
                LOG.infof("%s: the file has changed, its new content is in use", setting);
            }
            complaint = null;
        } catch (ConfigurationException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(complaint)) {
                complaint = message;
                LOG.warnf("%s The previous content stays in use.", message);
            }
        }
    }

    private String read() {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw refused("does not exist");
        } catch (IOException e) {
            throw refused("can't be read");
        }
        if (bytes.length > maxBytes) {
            throw refused("is larger than " + maxBytes + " bytes");
        }
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw refused("is not UTF-8 text");
        }
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        text = text.substring(0, end);
        if (text.isBlank()) {
            throw refused("is empty");
        }
        return text;
    }

    private ConfigurationException refused(String why) {
        return new ConfigurationException(setting + ": the file " + path + " " + why + ".");
    }

    private void warnIfOthersCanRead() {
        try {
            if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warnf("%s: every user of this machine can read %s", setting, path);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debugf("%s: the permissions of %s are unknown", setting, path);
        }
    }

    /** Says which setting, and nothing of the secret. */
    @Override
    public String toString() {
        return setting;
    }
}
