package dev.livebridge.access.rules;

import dev.livebridge.access.Caller;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.ReloadedFiles;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The current rules of {@code livebridge.access.rules-file}, which is read again when it changes, or the default. */
@Singleton
@Startup
public final class AccessRules implements ReloadedFiles {

    /** The setting with the path of the file. */
    static final String SETTING = "livebridge.access.rules-file";

    private final @Nullable SecretFile<RuleSet> file;

    /**
     * Reads the file, if it is configured.
     *
     * @throws ConfigurationException with the line of the first error
     */
    @Inject
    public AccessRules(LivebridgeConfig config) {
        this(config.access().rulesFile());
    }

    /** The rules of a file, or the default without one. */
    public AccessRules(Optional<Path> file) {
        this.file = file.map(path -> SecretFile.openPublic(SETTING, path, AccessRules::read))
                .orElse(null);
    }

    private static RuleSet read(String yaml) {
        try {
            return RulesReader.read(yaml);
        } catch (InvalidRulesException e) {
            throw new ConfigurationException(SETTING + ": " + e.getMessage(), e);
        }
    }

    /** The rules for new conversations. */
    public RuleSet current() {
        return file == null ? RuleSet.DEFAULT : file.current();
    }

    /**
     * The rule for a caller.
     *
     * @return empty if no rule matches; the caller is then refused
     */
    public Optional<Rule> find(Caller caller) {
        return current().find(caller);
    }

    @Override
    public List<SecretFile<?>> reloadedFiles() {
        return file == null ? List.of() : List.of(file);
    }
}
