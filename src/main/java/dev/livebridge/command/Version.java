package dev.livebridge.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The version this program was built as. */
final class Version {

    private static final String RESOURCE = "/version.txt";

    private Version() {}

    /** Reads the file that the build wrote. */
    static String read() {
        try (InputStream text = Objects.requireNonNull(Version.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
