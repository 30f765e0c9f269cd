package dev.livebridge.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** WebSocket frames as a client writes them (RFC 6455 section 5.2), also wrong ones. */
public final class FrameBytes {

    private static final int MASKED = 0x80;
    private static final int[] MASK = {0x11, 0x22, 0x33, 0x44};

    private FrameBytes() {}

    /** A masked frame. */
    public static byte[] frame(boolean last, int opcode, byte[] payload) {
        byte[] header = header(last, opcode, payload.length);
        byte[] frame = ByteBuffer.allocate(header.length + payload.length)
                .put(header)
                .put(payload)
                .array();
        for (int i = 0; i < payload.length; i++) {
            frame[header.length + i] ^= (byte) MASK[i % MASK.length];
        }
        return frame;
    }

    /** The header of a masked frame, with its mask. */
    public static byte[] header(boolean last, int opcode, long length) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write((last ? 0x80 : 0) | opcode);
        if (length >= 0 && length < 126) {
            header.write(MASKED | (int) length);
        } else if (length >= 0 && length <= 0xFFFF) {
            header.write(MASKED | 126);
            header.write((int) (length >> 8));
            header.write((int) length);
        } else {
            header.write(MASKED | 127);
            header.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(length).array());
        }
        for (int mask : MASK) {
            header.write(mask);
        }
        return header.toByteArray();
    }
}
