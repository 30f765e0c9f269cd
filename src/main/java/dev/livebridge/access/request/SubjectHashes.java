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

/** Makes the hash of subjects with the secret of the operator, or one of this process. */
@Singleton
class SubjectHashes {

    private static final String SETTING = "livebridge.access.subject-salt-file";
    private static final int SHORTEST_SALT = 32;
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
     * The hash with the salt of a file.
     *
     * @throws ConfigurationException with one sentence when the file can't be read or its salt is too short
     */
    static SubjectHash of(Optional<Path> file) {
        // Read once: with another salt the same caller would look like a new one in the middle of a day.
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
        if (salt.length() < SHORTEST_SALT) {
            throw new ConfigurationException(SETTING + ": the file must hold " + SHORTEST_SALT
                    + " or more characters; make it with: openssl rand -hex 32");
        }
        return new SubjectHash(salt.getBytes(UTF_8));
    }
}
