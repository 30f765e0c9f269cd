package dev.livebridge.browser.dialect;

import dev.livebridge.json.JsonCursor;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fast path for most frames: those that hold one {@code realtimeInput} with media and nothing else.
 *
 * <p>It does not read frames with escapes, other members or faults; {@link GeminiMessageParser} reads them, and reads
 * all frames of the fast path to the same messages, only slower.
 */
final class MediaFastPath {

    private final JsonCursor in;
    private final List<ClientMessage> messages = new ArrayList<>(2);

    private MediaFastPath(Utf8Slice text) {
        in = new JsonCursor(text);
    }

    /**
     * Reads a frame.
     *
     * @return its chunks in order, {@code null} when it isn't a plain media frame
     */
    static @Nullable List<ClientMessage> read(Utf8Slice text) {
        MediaFastPath frame = new MediaFastPath(text);
        return frame.readWhole() ? frame.messages : null;
    }

    private boolean readWhole() {
        return in.take('{')
                && in.takeKey("realtimeInput", "realtime_input")
                && in.take('{')
                && readMedia()
                && in.take('}')
                && in.take('}')
                && in.atEnd();
    }

    private boolean readMedia() {
        if (in.takeKey("audio")) {
            return readBlob(MediaSlot.AUDIO);
        }
        if (in.takeKey("video")) {
            return readBlob(MediaSlot.VIDEO);
        }
        return in.takeKey("mediaChunks", "media_chunks") && readChunks();
    }

    private boolean readChunks() {
        if (!in.take('[')) {
            return false;
        }
        do {
            if (messages.size() == GeminiMessageParser.MAX_CHUNKS || !readBlob(MediaSlot.MEDIA_CHUNKS)) {
                return false;
            }
        } while (in.take(','));
        return in.take(']');
    }

    private boolean readBlob(MediaSlot slot) {
        JsonCursor.Blob blob = in.takeBlob();
        if (blob == null) {
            return false;
        }
        MediaType type = MediaType.parse(blob.mimeType());
        if (type == null || !slot.takes(type.kind()) || blob.data().isEmpty()) {
            return false;
        }
        Base64Text base64 = new Base64Text(blob.data());
        if (!type.admits(base64)) {
            return false;
        }
        messages.add(type.message(base64));
        return true;
    }
}
