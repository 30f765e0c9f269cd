package dev.livebridge.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a conversation: what the operator's {@code agents.yaml} said when the conversation began, with the
 * values of its caller. It stays the same for the whole conversation, on every instance.
 *
 * @param name of the agent
 * @param version of its entry in the file; changes with the entry
 * @param json its members of a setup, JSON, with the instruction; never shown to a client
 * @param models that answer, without prefix, in the order of preference; empty for the configured one
 * @param overrides what a client may replace
 * @param transcripts whether a client may get transcripts
 * @param limits of each conversation
 */
public record AgentSetup(
        String name,
        String version,
        String json,
        List<String> models,
        Set<AgentPart> overrides,
        boolean transcripts,
        Limits limits) {

    public AgentSetup {
        models = List.copyOf(models);
        overrides = Set.copyOf(overrides);
    }

    /**
     * What one conversation may use; {@code null} is no limit.
     *
     * @param maxDuration of the conversation
     * @param tokens input and output together
     * @param microUsd millionths of a US dollar
     */
    public record Limits(
            @Nullable Duration maxDuration,
            @Nullable Long tokens,
            @Nullable Long microUsd) {

        /** No limit. */
        public static final Limits NONE = new Limits(null, null, null);
    }

    /** Whether a client may replace a part. */
    public boolean allows(AgentPart part) {
        return overrides.contains(part);
    }

    /** The same with one of its models as the first. */
    public AgentSetup beginningWith(String model) {
        List<String> order = new ArrayList<>(models);
        order.remove(model);
        order.addFirst(model);
        return new AgentSetup(name, version, json, order, overrides, transcripts, limits);
    }

    /** The same with the next model as the first. */
    public AgentSetup withoutFirstModel() {
        return new AgentSetup(name, version, json, models.subList(1, models.size()), overrides, transcripts, limits);
    }

    /** Omits the instruction. */
    @Override
    public String toString() {
        return "AgentSetup[" + name + " " + version + "]";
    }
}
