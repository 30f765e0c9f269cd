package dev.livebridge.web;

import dev.livebridge.agents.AgentTitle;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ModelCapabilities;
import java.util.List;
import java.util.Map;

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
 * @param developer whether the page offers its details for developers from the beginning
 * @param prices of the models that have some, by id
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
        boolean developer,
        Map<String, Price> prices,
        Limits limits) {

    PageConfiguration {
        models = List.copyOf(models);
        agents = List.copyOf(agents);
        prices = Map.copyOf(prices);
    }

    /**
     * What a model's tokens cost, in US dollars per million.
     *
     * @param inputText what the user types, history and documents
     * @param inputAudio the user's speech
     * @param inputImage pictures and video
     * @param outputText text, transcripts and thoughts
     * @param outputAudio speech
     */
    record Price(double inputText, double inputAudio, double inputImage, double outputText, double outputAudio) {

        static Price of(LivebridgeConfig.Price price) {
            return new Price(
                    price.inputText(), price.inputAudio(), price.inputImage(), price.outputText(), price.outputAudio());
        }
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
