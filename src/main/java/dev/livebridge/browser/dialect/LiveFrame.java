package dev.livebridge.browser.dialect;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** The binary frames of {@code docs/live-protocol.md}: an 8-byte little-endian header, then audio or a picture. */
final class LiveFrame {

    static final int HEADER_BYTES = 8;

    private static final int MICROPHONE = 1;
    private static final int CAMERA = 2;
    private static final int SCREEN = 3;
    private static final int MODEL_AUDIO = 129;

    private static final int FIRST_OF_TURN = 1;
    private static final int LAST_OF_TURN = 2;

    private LiveFrame() {}

    /** Decodes a client's frame. Its sequence number and time serve diagnosis at the client only and are ignored. */
    static ClientMessage decode(byte[] frame) throws BadInputException {
        if (frame.length <= HEADER_BYTES) {
            throw badFrame("a binary frame has a header of 8 bytes and then a payload");
        }
        if ((frame[1] & ~(FIRST_OF_TURN | LAST_OF_TURN)) != 0) {
            throw badFrame("flags other than bit 0 and bit 1 must be 0");
        }
        int kind = frame[0] & 0xFF;
        return switch (kind) {
            case MICROPHONE -> audio(frame);
            case CAMERA, SCREEN -> video(frame);
            default -> throw badFrame("kind " + kind + " is not a kind of client frame; the kinds are 1, 2 and 3");
        };
    }

    private static ClientMessage audio(byte[] frame) throws BadInputException {
        if (frame.length % 2 != 0) {
            throw badFrame("the audio has an odd number of bytes; a sample has two");
        }
        return new ClientMessage.Audio(payload(frame), "audio/pcm;rate=16000");
    }

    private static ClientMessage video(byte[] frame) throws BadInputException {
        boolean jpeg = frame.length >= HEADER_BYTES + 3
                && frame[HEADER_BYTES] == (byte) 0xFF
                && frame[HEADER_BYTES + 1] == (byte) 0xD8
                && frame[HEADER_BYTES + 2] == (byte) 0xFF;
        if (!jpeg) {
            throw badFrame("the picture is not a JPEG");
        }
        return new ClientMessage.Video(payload(frame), "image/jpeg");
    }

    private static Base64Text payload(byte[] frame) {
        return Base64Text.encode(Arrays.copyOfRange(frame, HEADER_BYTES, frame.length));
    }

    private static BadInputException badFrame(String message) {
        return new BadInputException("bad_frame", message, List.of());
    }

    /**
     * Encodes a chunk of the model's audio.
     *
     * @param turn the model's turn; its low 16 bits are sent
     * @param first whether it is the turn's first chunk
     * @param millis time since the session's start
     */
    static byte[] encodeAudio(Base64Text data, int turn, boolean first, long millis) {
        byte[] pcm = data.decode();
        return ByteBuffer.allocate(HEADER_BYTES + pcm.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) MODEL_AUDIO)
                .put((byte) (first ? FIRST_OF_TURN : 0))
                .putShort((short) turn)
                .putInt((int) millis)
                .put(pcm)
                .array();
    }
}
