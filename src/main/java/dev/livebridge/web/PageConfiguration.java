package dev.livebridge.web;

import dev.livebridge.agents.AgentTitle;
import dev.livebridge.message.ModelCapabilities;
import java.util.List;

/**
 * The configuration that the page receives before it connects. Public: it must not hold secrets.
 *
 * @param backend the label of the backend, as in {@code livebridge.upstream.backend}
 * @param backendLabel the backend's name for people
 * @param simulated whether the backend is the built-in simulator
 * @param endpoint path of the {@code /live} WebSocket
 * @param captureUrl path of the worklet for the microphone
 * @param playbackUrl path of the worklet for the loudspeaker
 * @param sessionUrl path that tells whether the caller may talk; empty if the service needs no credential
 * @param defaultModel id of the model if the user chooses none
 * @param models the models to choose from, with their capabilities
 * @param agents to choose from, if the service needs no credential; else {@code sessionUrl} tells them
 * @param limits of the service
 */
record PageConfiguration(
        String backend,
        String backendLabel,
        boolean simulated,
        String endpoint,
        String captureUrl,
        String playbackUrl,
        String sessionUrl,
        String defaultModel,
        List<ModelCapabilities> models,
        List<AgentTitle> agents,
        Limits limits) {

    PageConfiguration {
        models = List.copyOf(models);
        agents = List.copyOf(agents);
    }

    /**
     * Limits of the service.
     *
     * @param maxMessageBytes largest message a client may send
     * @param framesPerSecond pictures per second, camera and screen together
     * @param maxDurationMs longest conversation
     * @param idleTimeoutMs silence after which a conversation ends
     */
    record Limits(int maxMessageBytes, double framesPerSecond, long maxDurationMs, long idleTimeoutMs) {}
}
