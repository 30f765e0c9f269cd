package dev.livebridge.resumption;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Compression of bytes (DEFLATE), and decompression up to a limit. */
final class Deflated {

    private Deflated() {}

    static byte[] of(byte[] data) {
        // The fastest level already removes most of the redundancy of a transcript.
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(data);
            deflater.finish();
            // Incompressible data grows by five bytes for each block of at most 64 KiB.
            byte[] out = new byte[data.length + 64];
            int length = deflater.deflate(out);
            while (!deflater.finished()) {
                out = Arrays.copyOf(out, out.length * 2);
                length += deflater.deflate(out, length, out.length - length);
            }
            return Arrays.copyOf(out, length);
        } finally {
            deflater.end();
        }
    }

    /**
     * Decompresses data.
     *
     * @param limit upper bound of the result, in bytes
     * @throws DataFormatException if the input is not compressed data, or the result is larger than the limit
     */
    static byte[] inflate(byte[] deflated, int limit) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] out = new byte[limit];
            int length = inflater.inflate(out);
            if (!inflater.finished()) {
                throw new DataFormatException("cut short, or larger than the limit");
            }
            return Arrays.copyOf(out, length);
        } finally {
            inflater.end();
        }
    }
}
