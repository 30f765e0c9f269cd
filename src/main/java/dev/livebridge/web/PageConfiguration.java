package dev.livebridge.web;

import dev.livebridge.message.ModelCapabilities;
import java.util.List;

/**
 * What the page is told before it connects. Public: nothing here may be secret.
 *
 * @param backend the label of who answers, as in {@code livebridge.upstream.backend}
 * @param backendLabel the same for people
 * @param simulated whether the built-in stand-in answers
 * @param endpoint path of the client protocol's socket
 * @param defaultModel id of the model that answers when none is chosen
 * @param models what can be chosen, and what each can do
 * @param limits what the service will not exceed
 */
record PageConfiguration(
        String backend,
        String backendLabel,
        boolean simulated,
        String endpoint,
        String defaultModel,
        List<ModelCapabilities> models,
        Limits limits) {

    PageConfiguration {
        models = List.copyOf(models);
    }

    /**
     * What the service will not exceed.
     *
     * @param maxMessageBytes largest message a client may send
     * @param framesPerSecond pictures per second, camera and screen together
     * @param maxDurationMs longest conversation
     * @param idleTimeoutMs silence after which a conversation ends
     */
    record Limits(int maxMessageBytes, double framesPerSecond, long maxDurationMs, long idleTimeoutMs) {}
}
