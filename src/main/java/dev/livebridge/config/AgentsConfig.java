package dev.livebridge.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Agents: named setups of the operator; {@code docs/agents.md}. */
public interface AgentsConfig {

    /**
     * YAML file with the agents. The service reads a changed file again; it applies to new conversations. Not set:
     * there are no agents.
     */
    Optional<Path> file();

    /** Whether the three agents that come with the service are offered, if no file is set. */
    @WithDefault("false")
    boolean builtIn();

    /**
     * Name of the agent for clients of the tutorial's path that choose none, and whose rule names none. Not set: no
     * agent.
     */
    Optional<String> tutorial();
}
