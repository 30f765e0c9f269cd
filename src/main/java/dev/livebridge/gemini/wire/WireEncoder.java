package dev.livebridge.gemini.wire;

import dev.livebridge.json.JsonText;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.MediaText;
import dev.livebridge.message.TranscriptEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes client messages as Gemini Live expects them today: camelCase, one kind of input per frame, never
 * {@code mediaChunks} (gemini-live-api.md sections 4 and 16).
 */
public final class WireEncoder {

    private final TextRoute textRoute;
    private boolean historyOpen;

    /**
     * A writer for a connection whose setup announces no history.
     *
     * @param textRoute where its model wants typed turns
     */
    public WireEncoder(TextRoute textRoute) {
        this(textRoute, false);
    }

    /**
     * A writer for one connection.
     *
     * @param textRoute where its model wants typed turns
     * @param historyFirst whether the setup announces that {@code clientContent} first brings the earlier turns
     */
    public WireEncoder(TextRoute textRoute, boolean historyFirst) {
        this.textRoute = textRoute;
        this.historyOpen = historyFirst;
    }

    /**
     * Writes one message as the payload of a text frame. Called by one thread at a time.
     *
     * @return {@code null} for a message that is not meant for the upstream
     */
    public @Nullable String encode(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Audio audio -> media(audio).text();
            case ClientMessage.Video video -> media(video).text();
            case ClientMessage.Signal.ACTIVITY_START -> "{\"realtimeInput\":{\"activityStart\":{}}}";
            case ClientMessage.Signal.ACTIVITY_END -> "{\"realtimeInput\":{\"activityEnd\":{}}}";
            case ClientMessage.Signal.AUDIO_STREAM_END -> "{\"realtimeInput\":{\"audioStreamEnd\":true}}";
            case ClientMessage.RealtimeText(String text) -> realtimeText(text);
            case ClientMessage.UserTurn(String text) -> typed(text);
            case ClientMessage.GreetingPrompt(String text) -> typed(text);
            case ClientMessage.LateResult(String function, String json) -> typed(LateResultText.of(function, json));
            case ClientMessage.Setup setup -> "{\"setup\":" + setup.json() + "}";
            case ClientMessage.ContextUpdate(String json) -> "{\"contextUpdate\":" + json + "}";
            case ClientMessage.ClientContent(String json, List<TranscriptEntry> said, boolean instructs) ->
                clientContent(json);
            case ClientMessage.ToolResponse response -> "{\"toolResponse\":" + response.json() + "}";
            case ClientMessage.Unknown(String path, String name, String json) -> unknown(path, name, json);
            case ClientMessage.Resume _,
                    ClientMessage.Auth _,
                    ClientMessage.Ping _,
                    ClientMessage.Beacon _,
                    ClientMessage.LeftOut _ -> null;
        };
    }

    /**
     * As {@link #encode}, in parts.
     *
     * @return {@code null} for a message that is no media
     */
    public @Nullable MediaText media(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Audio audio -> media(audio);
            case ClientMessage.Video video -> media(video);
            default -> null;
        };
    }

    private static MediaText media(ClientMessage.Audio audio) {
        return new MediaText(
                "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"" + withRate(audio.mimeType()) + "\",\"data\":\"",
                audio.data(),
                "\"}}}");
    }

    private static MediaText media(ClientMessage.Video video) {
        return new MediaText(
                "{\"realtimeInput\":{\"video\":{\"mimeType\":\"" + video.mimeType() + "\",\"data\":\"",
                video.data(),
                "\"}}}");
    }

    private static String unknown(String path, String name, String json) {
        String member = "{" + JsonText.quoted(name) + ":" + json + "}";
        return path.isEmpty() ? member : "{" + JsonText.quoted(path) + ":" + member + "}";
    }

    private String typed(String text) {
        return switch (textRoute) {
            case CLIENT_CONTENT -> userTurn(text);
            case REALTIME_INPUT -> realtimeText(text);
        };
    }

    /** The service assumes this rate; its documentation recommends to send it. */
    private static String withRate(String mimeType) {
        return mimeType.equals("audio/pcm") ? "audio/pcm;rate=16000" : mimeType;
    }

    /**
     * A model that takes {@code clientContent} for its history only would refuse or ignore a typed turn in it (section
     * 4.2), so the turn goes where the model takes text.
     */
    private String clientContent(String json) {
        if (textRoute == TextRoute.REALTIME_INPUT) {
            TypedTurn typed = TypedTurn.read(json);
            if (historyOpen) {
                historyOpen = !typed.complete();
            } else if (typed.text() != null) {
                return realtimeText(typed.text());
            }
        }
        return "{\"clientContent\":" + json + "}";
    }

    private static String realtimeText(String text) {
        return "{\"realtimeInput\":{\"text\":" + JsonText.quoted(text) + "}}";
    }

    private static String userTurn(String text) {
        return "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":" + JsonText.quoted(text)
                + "}]}],\"turnComplete\":true}}";
    }
}
