package dev.livebridge.resumption;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes made smaller, and large again up to a bound. */
final class Deflated {

    private Deflated() {}

    static byte[] of(byte[] data) {
        // Speech repeats itself; the fastest level already finds most of that.
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
     * The data again.
     *
     * @param limit more than this is not unpacked
     * @throws DataFormatException when it was not deflated, or is larger than the limit
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
