package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectHashesTest {

    private static final String SALT = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private Optional<Path> file(String text) throws IOException {
        return Optional.of(Files.writeString(directory.resolve("salt"), text));
    }

    @Test
    void instancesWithTheSameFileHaveTheSameHashes() throws IOException {
        String hash = SubjectHashes.of(file(SALT + "\n")).of("oidc:alice");

        assertEquals(hash, SubjectHashes.of(file(SALT)).of("oidc:alice"));
        assertNotEquals(hash, SubjectHashes.of(file(SALT + "x")).of("oidc:alice"));
    }

    @Test
    void withoutAFileEachProcessHasOtherHashes() {
        assertNotEquals(
                SubjectHashes.of(Optional.empty()).of("oidc:alice"),
                SubjectHashes.of(Optional.empty()).of("oidc:alice"));
    }

    @Test
    void aShortSaltStopsTheStartAndIsNotShown() throws IOException {
        Optional<Path> file = file("canary-short");

        String message = String.valueOf(assertThrows(ConfigurationException.class, () -> SubjectHashes.of(file))
                .getMessage());

        assertTrue(message.startsWith("livebridge.access.subject-salt-file: "), message);
        assertFalse(message.contains("canary"), message);
    }
}
