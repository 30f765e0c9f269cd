package dev.livebridge.simulator;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A picture the simulator received.
 *
 * @param bytes its size
 * @param jpeg whether it is a whole JPEG: begins and ends as one and names its dimensions
 * @param width in pixels, 0 when unknown
 * @param height in pixels, 0 when unknown
 */
public record Picture(String mimeType, int bytes, boolean jpeg, int width, int height) {

    private static final byte[] PNG_HEAD = HexFormat.of().parseHex("89504e470d0a1a0a");

    /** Looks into the headers only. */
    static Picture of(String mimeType, byte[] data) {
        if (isPng(data)) {
            return new Picture(mimeType, data.length, false, int32(data, 16), int32(data, 20));
        }
        if (data.length < 4 || int16(data, 0) != 0xFFD8) {
            return new Picture(mimeType, data.length, false, 0, 0);
        }
        boolean ends = int16(data, data.length - 2) == 0xFFD9;
        int at = 2;
        while (at + 9 <= data.length && (data[at] & 0xFF) == 0xFF) {
            int marker = data[at + 1] & 0xFF;
            if (isFrameHeader(marker)) {
                return new Picture(mimeType, data.length, ends, int16(data, at + 7), int16(data, at + 5));
            }
            at += 2 + int16(data, at + 2);
        }
        return new Picture(mimeType, data.length, false, 0, 0);
    }

    /** SOF0 to SOF15, less the three markers among them that mean something else. */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static boolean isPng(byte[] data) {
        return data.length >= 24 && Arrays.equals(data, 0, PNG_HEAD.length, PNG_HEAD, 0, PNG_HEAD.length);
    }

    private static int int16(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
    }

    private static int int32(byte[] data, int at) {
        return int16(data, at) << 16 | int16(data, at + 2);
    }
}
