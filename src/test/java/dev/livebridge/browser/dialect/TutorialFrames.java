package dev.livebridge.browser.dialect;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;

/** Frames of the tutorial's protocol, and the messages in them. */
final class TutorialFrames {

    private TutorialFrames() {}

    /** A frame with media chunks. */
    static String chunks(String list) {
        return "{\"realtime_input\":{\"media_chunks\":[" + list + "]}}";
    }

    /** One media chunk. */
    static String chunk(String mimeType, String data) {
        return "{\"mime_type\":\"" + mimeType + "\",\"data\":\"" + data + "\"}";
    }

    static ClientMessage setup(String json) {
        return new ClientMessage.Setup(json);
    }

    static ClientMessage audio(String base64) {
        return audio(base64, "audio/pcm");
    }

    static ClientMessage audio(String base64, String mimeType) {
        return new ClientMessage.Audio(new Base64Text(base64), mimeType);
    }

    static ClientMessage video(String base64, String mimeType) {
        return new ClientMessage.Video(new Base64Text(base64), mimeType);
    }
}
