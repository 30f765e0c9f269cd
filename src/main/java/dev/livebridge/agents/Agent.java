package dev.livebridge.agents;

import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the operator's file.
 *
 * @param name unique in its file
 * @param title for people
 * @param version of the entry: the beginning of its SHA-256
 * @param models in the order of preference, without prefix; empty for the configured one
 * @param setup its members of a setup except the instruction, JSON
 * @param instruction {@code null} for none
 * @param greeting prompt for the first answer, {@code null} when the client begins
 * @param variables by their names
 * @param zone in which the templates get the time
 * @param overrides what clients may replace
 * @param transcripts whether clients may get transcripts
 * @param limits of each conversation
 */
record Agent(
        String name,
        String title,
        String version,
        List<String> models,
        String setup,
        @Nullable AgentTemplate instruction,
        @Nullable AgentTemplate greeting,
        Map<String, Variable> variables,
        ZoneId zone,
        Set<AgentPart> overrides,
        boolean transcripts,
        AgentSetup.Limits limits) {

    Agent {
        models = List.copyOf(models);
        variables = Map.copyOf(variables);
        overrides = Set.copyOf(overrides);
    }

    /** Omits the instruction. */
    @Override
    public String toString() {
        return "Agent[" + name + " " + version + "]";
    }
}
