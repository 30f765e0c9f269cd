package dev.livebridge.gemini.wire;

import dev.livebridge.json.JsonCursor;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/**
 * Fast path for frames that hold one chunk of audio and nothing else, compact or pretty-printed: nearly all bytes from
 * the model. All other frames go to {@link WireDecoder}, which reads a plain audio frame to the same message.
 */
final class AudioFastPath {

    private final JsonCursor in;
    private boolean roleSeen;
    private ServerMessage.@Nullable Audio audio;

    private AudioFastPath(Utf8Slice text) {
        in = new JsonCursor(text);
    }

    /**
     * Reads a frame.
     *
     * @return its audio, {@code null} when it isn't a plain audio frame
     */
    static ServerMessage.@Nullable Audio read(Utf8Slice text) {
        AudioFastPath frame = new AudioFastPath(text);
        return frame.readWhole() ? frame.audio : null;
    }

    private boolean readWhole() {
        return in.take('{')
                && in.takeKey("serverContent")
                && in.take('{')
                && in.takeKey("modelTurn")
                && in.take('{')
                && readModelTurn()
                && in.take('}')
                && in.take('}')
                && in.take('}')
                && in.atEnd();
    }

    private boolean readModelTurn() {
        do {
            if (!roleSeen && in.takeKey("role")) {
                roleSeen = true;
                if (!"model".equals(in.takeSlice())) {
                    return false;
                }
            } else if (audio == null && in.takeKey("parts")) {
                if (!readOnlyPart()) {
                    return false;
                }
            } else {
                return false;
            }
        } while (in.take(','));
        return true;
    }

    private boolean readOnlyPart() {
        return in.take('[') && in.take('{') && in.takeKey("inlineData") && readBlob() && in.take('}') && in.take(']');
    }

    private boolean readBlob() {
        JsonCursor.Blob blob = in.takeBlob();
        if (blob == null || !isPlainPcm(blob.mimeType())) {
            return false;
        }
        if (blob.data().isEmpty()) {
            return false;
        }
        audio = new ServerMessage.Audio(new Base64Text(blob.data()), blob.mimeType());
        return true;
    }

    private static boolean isPlainPcm(String mimeType) {
        return mimeType.equals("audio/pcm;rate=24000") || mimeType.equals("audio/pcm");
    }
}
