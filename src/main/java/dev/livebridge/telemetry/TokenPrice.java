package dev.livebridge.telemetry;

import dev.livebridge.config.LivebridgeConfig.Price;
import dev.livebridge.message.ServerMessage.Modality;
import dev.livebridge.message.ServerMessage.Usage;

/**
 * What a model's tokens cost, in US dollars per million, which is millionths of a dollar per token.
 *
 * @param inputText what the user types, history and documents
 * @param inputAudio what the user says
 * @param inputImage pictures and video
 * @param outputText text, transcripts and thoughts
 * @param outputAudio speech
 */
public record TokenPrice(
        double inputText, double inputAudio, double inputImage, double outputText, double outputAudio) {

    /** A model without prices. */
    public static final TokenPrice NONE = new TokenPrice(0, 0, 0, 0, 0);

    /** The configured price. */
    public static TokenPrice of(Price price) {
        return new TokenPrice(
                price.inputText(), price.inputAudio(), price.inputImage(), price.outputText(), price.outputAudio());
    }

    /** The dearer of both, for each kind of token. */
    public TokenPrice orDearer(TokenPrice other) {
        return new TokenPrice(
                Math.max(inputText, other.inputText),
                Math.max(inputAudio, other.inputAudio),
                Math.max(inputImage, other.inputImage),
                Math.max(outputText, other.outputText),
                Math.max(outputAudio, other.outputAudio));
    }

    /** The price of a turn in millionths of a US dollar. */
    public double microUsd(Usage usage) {
        double sum = 0;
        for (var part : usage.input().entrySet()) {
            sum += part.getValue() * input(part.getKey());
        }
        for (var part : usage.output().entrySet()) {
            sum += part.getValue() * output(part.getKey());
        }
        return sum;
    }

    private double input(Modality modality) {
        return switch (modality) {
            case AUDIO -> inputAudio;
            case IMAGE, VIDEO -> inputImage;
            case TEXT, DOCUMENT, THOUGHT, OTHER -> inputText;
        };
    }

    private double output(Modality modality) {
        return switch (modality) {
            case AUDIO -> outputAudio;
            case TEXT, IMAGE, VIDEO, DOCUMENT, THOUGHT, OTHER -> outputText;
        };
    }
}
