package dev.livebridge.access.rules;

import dev.livebridge.access.Caller;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The rules in force: those of {@code livebridge.access.rules-file} as it is now, or the default without a file. */
@Singleton
@Startup
public final class AccessRules {

    /** The property that names the file. */
    static final String SETTING = "livebridge.access.rules-file";

    private final Supplier<RuleSet> rules;

    /**
     * Reads the file, if there is one.
     *
     * @throws ConfigurationException with the line of the first fault
     */
    @Inject
    public AccessRules(LivebridgeConfig config) {
        this(config.access().rulesFile());
    }

    /** The rules of a file, or the default without one. */
    public AccessRules(Optional<Path> file) {
        this.rules = file.<Supplier<RuleSet>>map(
                        path -> SecretFile.openPublic(SETTING, path, AccessRules::read)::current)
                .orElse(() -> RuleSet.DEFAULT);
    }

    private static RuleSet read(String yaml) {
        try {
            return RulesReader.read(yaml);
        } catch (InvalidRulesException fault) {
            throw new ConfigurationException(SETTING + ": " + fault.getMessage(), fault);
        }
    }

    /** The rules for conversations that begin now. */
    public RuleSet current() {
        return rules.get();
    }

    /**
     * The rule for a caller.
     *
     * @return nothing when the caller may not talk
     */
    public Optional<Rule> find(Caller caller) {
        return current().find(caller);
    }
}
