package dev.livebridge.browser;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Realigns PCM chunks to whole 16-bit samples: the last byte of a chunk with an odd length moves to the start of the
 * next chunk of the same MIME type. Clients that read from a pipe send such chunks; misaligned samples would be noise.
 * One per socket; not thread-safe.
 */
final class SampleAlignment {

    private byte carried;
    private @Nullable String carriedType;

    /** The messages with whole samples only; the same list if no chunk has an odd length. */
    List<ClientMessage> align(List<ClientMessage> messages) {
        if (carriedType == null && messages.stream().noneMatch(SampleAlignment::isCut)) {
            return messages;
        }
        List<ClientMessage> aligned = new ArrayList<>(messages.size());
        for (ClientMessage message : messages) {
            if (message instanceof ClientMessage.Audio(Base64Text data, String mimeType)) {
                byte[] whole = join(data.decode(), mimeType);
                if (whole.length > 0) {
                    aligned.add(new ClientMessage.Audio(Base64Text.encode(whole), mimeType));
                }
            } else {
                if (message == ClientMessage.Signal.AUDIO_STREAM_END || message == ClientMessage.Signal.ACTIVITY_END) {
                    carriedType = null;
                }
                aligned.add(message);
            }
        }
        return aligned;
    }

    private byte[] join(byte[] chunk, String mimeType) {
        byte[] joined = chunk;
        if (mimeType.equals(carriedType)) {
            joined = new byte[chunk.length + 1];
            joined[0] = carried;
            System.arraycopy(chunk, 0, joined, 1, chunk.length);
        }
        carriedType = null;
        if (joined.length % 2 == 0) {
            return joined;
        }
        carried = joined[joined.length - 1];
        carriedType = mimeType;
        return Arrays.copyOf(joined, joined.length - 1);
    }

    private static boolean isCut(ClientMessage message) {
        return message instanceof ClientMessage.Audio(Base64Text data, String mimeType)
                && data.decodedLength() % 2 != 0;
    }
}
