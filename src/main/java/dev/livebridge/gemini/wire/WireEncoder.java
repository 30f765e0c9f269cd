package dev.livebridge.gemini.wire;

import dev.livebridge.json.JsonText;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes client messages as Gemini Live expects them today: camelCase, one kind of input per frame, never
 * {@code mediaChunks} (gemini-live-api.md sections 4 and 16).
 */
public final class WireEncoder {

    private final TextRoute textRoute;

    /**
     * A writer for sessions with one model.
     *
     * @param textRoute where that model wants typed turns
     */
    public WireEncoder(TextRoute textRoute) {
        this.textRoute = textRoute;
    }

    /**
     * Writes one message as the payload of a text frame.
     *
     * @return {@code null} for a message that is not meant for the upstream
     */
    public @Nullable String encode(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Audio audio ->
                "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"" + withRate(audio.mimeType()) + "\",\"data\":\""
                        + audio.data().text() + "\"}}}";
            case ClientMessage.Video video ->
                "{\"realtimeInput\":{\"video\":{\"mimeType\":\"" + video.mimeType() + "\",\"data\":\""
                        + video.data().text() + "\"}}}";
            case ClientMessage.Signal.ACTIVITY_START -> "{\"realtimeInput\":{\"activityStart\":{}}}";
            case ClientMessage.Signal.ACTIVITY_END -> "{\"realtimeInput\":{\"activityEnd\":{}}}";
            case ClientMessage.Signal.AUDIO_STREAM_END -> "{\"realtimeInput\":{\"audioStreamEnd\":true}}";
            case ClientMessage.RealtimeText(String text) -> realtimeText(text);
            case ClientMessage.UserTurn(String text) ->
                switch (textRoute) {
                    case CLIENT_CONTENT -> userTurn(text);
                    case REALTIME_INPUT -> realtimeText(text);
                };
            case ClientMessage.Setup(String json) -> "{\"setup\":" + json + "}";
            case ClientMessage.ClientContent(String json, List<TranscriptEntry> said) ->
                "{\"clientContent\":" + json + "}";
            case ClientMessage.ToolResponse response -> "{\"toolResponse\":" + response.json() + "}";
            case ClientMessage.Resume _, ClientMessage.Ping _, ClientMessage.Beacon _ -> null;
        };
    }

    /** The service assumes this rate itself; saying it is what its documentation prefers. */
    private static String withRate(String mimeType) {
        return mimeType.equals("audio/pcm") ? "audio/pcm;rate=16000" : mimeType;
    }

    private static String realtimeText(String text) {
        return "{\"realtimeInput\":{\"text\":" + JsonText.quoted(text) + "}}";
    }

    private static String userTurn(String text) {
        return "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":" + JsonText.quoted(text)
                + "}]}],\"turnComplete\":true}}";
    }
}
