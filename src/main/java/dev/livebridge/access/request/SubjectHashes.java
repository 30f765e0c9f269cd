package dev.livebridge.access.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.access.SubjectHash;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Produces the {@link SubjectHash} with the salt of the configured file, or with a random salt. */
@Singleton
class SubjectHashes {

    private static final String SETTING = "livebridge.access.subject-salt-file";
    private static final int MIN_SALT_LENGTH = 32;
    private static final int RANDOM_BYTES = 32;

    private final LivebridgeConfig config;

    SubjectHashes(LivebridgeConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    SubjectHash hash() {
        return of(config.access().subjectSaltFile());
    }

    /**
     * Creates the hash.
     *
     * @throws ConfigurationException with one sentence if the file is unreadable or its salt is too short
     */
    static SubjectHash of(Optional<Path> file) {
        // Read at the start only: a new salt would change the hashes of all callers.
        return file.map(path ->
                        SecretFile.open(SETTING, path, SubjectHashes::read).current())
                .orElseGet(() -> {
                    byte[] salt = new byte[RANDOM_BYTES];
                    new SecureRandom().nextBytes(salt);
                    return new SubjectHash(salt);
                });
    }

    private static SubjectHash read(String text) {
        String salt = text.strip();
        if (salt.length() < MIN_SALT_LENGTH) {
            throw new ConfigurationException(SETTING + ": the file must hold " + MIN_SALT_LENGTH
                    + " or more characters; make it with: openssl rand -hex 32");
        }
        return new SubjectHash(salt.getBytes(UTF_8));
    }
}
