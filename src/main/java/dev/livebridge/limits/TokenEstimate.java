package dev.livebridge.limits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.Modality;
import dev.livebridge.message.ServerMessage.Usage;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a turn costs in tokens when the model does not say: 25 a second of speech either way, 258 a picture, one for
 * four characters of text, and as input once more everything that was said before (gemini-live-api.md sections 5.7 and
 * 10), up to the size of the model's window.
 *
 * <p>Not thread-safe.
 */
final class TokenEstimate {

    static final int TOKENS_PER_SECOND = 25;
    private static final int TOKENS_PER_PICTURE = 258;
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int MAX_CONTEXT_TOKENS = 131_072;
    private static final int CLIENT_RATE = 16_000;
    private static final int MODEL_RATE = 24_000;
    private static final String NO_JSON = "{}";

    private double contextText;
    private double contextAudio;
    private double contextImage;
    private double inText;
    private double inAudio;
    private double inImage;
    private double outText;
    private double outAudio;

    /** The setup of the conversation: instruction and declarations are part of every turn's input. */
    void onSetup(String setup) {
        try {
            JsonNode json = StrictJson.read(setup);
            int characters = json.path("tools").isMissingNode()
                    ? 0
                    : json.path("tools").toString().length();
            for (JsonNode part : json.path("systemInstruction").path("parts")) {
                characters += part.path("text").asText().length();
            }
            contextText = Math.max(contextText, characters / (double) CHARACTERS_PER_TOKEN);
        } catch (MalformedJsonException notOurs) {
            throw new IllegalStateException("the setup that went to the model is JSON", notOurs);
        }
    }

    /** A message was written to the model. */
    void onClientMessage(ClientMessage message) {
        switch (message) {
            case ClientMessage.Audio audio ->
                inAudio += AudioSeconds.of(audio.data(), audio.mimeType(), CLIENT_RATE) * TOKENS_PER_SECOND;
            case ClientMessage.Video _ -> inImage += TOKENS_PER_PICTURE;
            case ClientMessage.RealtimeText(String text) -> addText(text.length());
            case ClientMessage.UserTurn(String text) -> addText(text.length());
            case ClientMessage.GreetingPrompt(String text) -> addText(text.length());
            case ClientMessage.ClientContent content -> addText(content.json().length());
            case ClientMessage.ToolResponse response ->
                response.results().forEach(result -> addText(result.json().length()));
            case ClientMessage.LateResult result -> addText(result.json().length());
            case ClientMessage.ContextUpdate update -> addText(update.json().length());
            case ClientMessage.Unknown unknown -> addText(unknown.json().length());
            case ClientMessage.Setup _,
                    ClientMessage.Signal _,
                    ClientMessage.Resume _,
                    ClientMessage.Auth _,
                    ClientMessage.Ping _,
                    ClientMessage.Beacon _,
                    ClientMessage.LeftOut _ -> {}
        }
    }

    private void addText(int characters) {
        inText += Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    }

    /** The model said something. */
    void onServerMessage(ServerMessage message) {
        switch (message) {
            case ServerMessage.Audio audio ->
                outAudio += AudioSeconds.of(audio.data(), audio.mimeType(), MODEL_RATE) * TOKENS_PER_SECOND;
            case ServerMessage.Text text -> outText += Math.ceilDiv(text.text().length(), CHARACTERS_PER_TOKEN);
            case ServerMessage.TurnContent _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ -> {}
        }
    }

    /** Whether something was said since the last turn. */
    boolean hasUnreported() {
        return inText + inAudio + inImage + outText + outAudio >= 1;
    }

    /** The turn is over: its tokens, with everything said before once more. */
    Usage estimateTurn() {
        Usage usage = usage(
                Math.min(contextText + inText, MAX_CONTEXT_TOKENS),
                Math.min(contextAudio + inAudio, MAX_CONTEXT_TOKENS),
                Math.min(contextImage + inImage, MAX_CONTEXT_TOKENS));
        onTurnReported();
        return usage;
    }

    /** What was said since the last turn, without its end and without what was said before. */
    Usage estimateUnreported() {
        Usage usage = usage(inText, inAudio, inImage);
        onTurnReported();
        return usage;
    }

    /** The model has said what its turn cost. */
    void onTurnReported() {
        contextText += inText + outText;
        contextAudio += inAudio + outAudio;
        contextImage += inImage;
        inText = 0;
        inAudio = 0;
        inImage = 0;
        outText = 0;
        outAudio = 0;
    }

    private Usage usage(double text, double audio, double image) {
        Map<Modality, Integer> input = new EnumMap<>(Modality.class);
        put(input, Modality.TEXT, text);
        put(input, Modality.AUDIO, audio);
        put(input, Modality.IMAGE, image);
        Map<Modality, Integer> output = new EnumMap<>(Modality.class);
        put(output, Modality.TEXT, outText);
        put(output, Modality.AUDIO, outAudio);
        int prompt = sum(input);
        int response = sum(output);
        return new Usage(prompt, response, prompt + response, input, output, NO_JSON);
    }

    private static void put(Map<Modality, Integer> parts, Modality modality, double tokens) {
        int whole = (int) Math.ceil(tokens);
        if (whole > 0) {
            parts.put(modality, whole);
        }
    }

    private static int sum(Map<Modality, Integer> parts) {
        return parts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
