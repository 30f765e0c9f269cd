package dev.livebridge.agents;

import dev.livebridge.message.AgentSetup;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a conversation that begins.
 *
 * @param setup with the values of the caller
 * @param greeting prompt for the first answer; {@code null} when the client begins
 */
public record ChosenAgent(AgentSetup setup, @Nullable String greeting) {

    /** Omits the prompt. */
    @Override
    public String toString() {
        return "ChosenAgent[" + setup + "]";
    }
}
