package dev.livebridge.agents;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.access.rules.InvalidRulesException;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Rule;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agents in force: those of {@code livebridge.agents.file} as it is now, the examples, or none. */
@Singleton
@Startup
public final class Agents {

    /** Before an agent's name, where a client names a model. */
    public static final String MODEL_PREFIX = "agent-";

    /** The property that names the file. */
    static final String SETTING = "livebridge.agents.file";

    static final String EXAMPLES = "/agents/examples.yaml";

    /** Of the file; a ConfigMap may be larger, but every change is read again as a whole. */
    private static final int MAX_BYTES = 256 * 1024;

    private final Supplier<Map<String, Agent>> agents;
    private final @Nullable String tutorial;

    /**
     * Reads the file, if there is one.
     *
     * @throws ConfigurationException with the line of the first fault, or when a rule or a setting names an agent that
     *     does not exist
     */
    @Inject
    public Agents(LivebridgeConfig config, AccessRules rules) {
        this(
                source(config.agents().file(), config.agents().builtIn()),
                config.agents().tutorial().orElse(null));
        if (tutorial != null) {
            checkExists("livebridge.agents.tutorial", tutorial);
        }
        for (Rule rule : rules.current().rules()) {
            Permissions permissions = rule.permissions();
            TreeSet<String> named = new TreeSet<>(Objects.requireNonNullElse(permissions.agents(), java.util.Set.of()));
            if (permissions.agent() != null) {
                named.add(permissions.agent());
            }
            named.forEach(name -> checkExists("livebridge.access.rules-file: the rule '" + rule.name() + "'", name));
        }
    }

    private Agents(Supplier<Map<String, Agent>> agents, @Nullable String tutorial) {
        this.agents = agents;
        this.tutorial = tutorial;
    }

    /**
     * The agents of a text, without a file.
     *
     * @param tutorial agent for clients of the tutorial's path, {@code null} for none
     * @throws ConfigurationException with the line of the first fault
     */
    public static Agents of(String yaml, @Nullable String tutorial) {
        Map<String, Agent> read = read(yaml);
        return new Agents(() -> read, tutorial);
    }

    /** The agents of a file. */
    static Agents of(Path file) {
        return new Agents(source(Optional.of(file), false), null);
    }

    private static Supplier<Map<String, Agent>> source(Optional<Path> file, boolean examples) {
        if (file.isPresent()) {
            return SecretFile.openPublic(SETTING, file.get(), MAX_BYTES, Agents::read)::current;
        }
        Map<String, Agent> fixed = examples ? read(examples()) : Map.of();
        return () -> fixed;
    }

    private static Map<String, Agent> read(String yaml) {
        try {
            return AgentsReader.read(yaml);
        } catch (InvalidRulesException e) {
            throw new ConfigurationException(SETTING + ": " + e.getMessage(), e);
        }
    }

    /** The file with the examples. */
    static String examples() {
        try (InputStream in = Objects.requireNonNull(Agents.class.getResourceAsStream(EXAMPLES))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkExists(String by, String name) {
        if (!agents.get().containsKey(name)) {
            throw new ConfigurationException(
                    by + " names the agent '" + name + "', which does not exist (" + SETTING + ").");
        }
    }

    /** An agent as it is now. */
    Optional<Agent> find(String name) {
        return Optional.ofNullable(agents.get().get(name));
    }

    /** The agent for clients of the tutorial's path that choose none; {@code null} for none. */
    @Nullable
    String tutorial() {
        return tutorial;
    }

    /** The agents that a caller may choose, in the order of the file. */
    public List<AgentTitle> titles(Permissions permissions) {
        return agents.get().values().stream()
                .filter(agent -> permissions.chooses(agent.name()))
                .map(agent -> new AgentTitle(agent.name(), agent.title()))
                .toList();
    }
}
