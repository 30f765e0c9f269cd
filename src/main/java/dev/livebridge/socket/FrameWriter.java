package dev.livebridge.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes messages as single WebSocket frames (RFC 6455 section 5.2), each into one direct buffer.
 *
 * <p>Netty's encoder writes header and payload of an unmasked frame as two buffers, and copies the payload of a masked
 * one eight bytes at a time through two buffers. Here the payload is put together and masked in an array of the thread.
 */
final class FrameWriter {

    /** Opcode of a text frame. */
    static final int TEXT = 1;

    /** Opcode of a binary frame. */
    static final int BINARY = 2;

    /** Bytes; longer payloads get an array of their own. */
    private static final int MAX_SCRATCH = 256 * 1024;

    private static final int FIRST_SCRATCH = 16 * 1024;
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MAX_TWO_BYTES = 0xFFFF;
    private static final int MAX_HEADER = 14;

    private final boolean masked;

    /** @param masked as the frames of a client must be */
    FrameWriter(boolean masked) {
        this.masked = masked;
    }

    /**
     * A frame.
     *
     * @param payload not changed
     */
    ByteBuf frame(ByteBufAllocator allocator, int opcode, byte[] payload) {
        if (!masked) {
            return header(allocator, opcode, payload.length).writeBytes(payload);
        }
        byte[] scratch = scratch(payload.length);
        System.arraycopy(payload, 0, scratch, 0, payload.length);
        return frame(allocator, opcode, scratch, payload.length);
    }

    /** A frame with three texts of ASCII characters, one after the other. */
    ByteBuf frame(ByteBufAllocator allocator, int opcode, String head, String data, String tail) {
        int length = head.length() + data.length() + tail.length();
        byte[] scratch = scratch(length);
        put(head, scratch, 0);
        put(data, scratch, head.length());
        put(tail, scratch, head.length() + data.length());
        return frame(allocator, opcode, scratch, length);
    }

    /** Copies without a temporary array, which is why the method is deprecated: it keeps the low byte only. */
    @SuppressWarnings("deprecation")
    private static void put(String ascii, byte[] to, int at) {
        ascii.getBytes(0, ascii.length(), to, at);
    }

    /** @param payload is masked in place */
    private ByteBuf frame(ByteBufAllocator allocator, int opcode, byte[] payload, int length) {
        ByteBuf frame = header(allocator, opcode, length);
        if (masked) {
            // As unpredictable as Netty's.
            int mask = ThreadLocalRandom.current().nextInt();
            frame.writeIntLE(mask);
            mask(payload, length, mask);
        }
        return frame.writeBytes(payload, 0, length);
    }

    private ByteBuf header(ByteBufAllocator allocator, int opcode, int length) {
        ByteBuf frame = allocator.directBuffer(MAX_HEADER + length).writeByte(FINAL | opcode);
        int mask = masked ? MASKED : 0;
        if (length < TWO_BYTES) {
            return frame.writeByte(mask | length);
        }
        if (length <= MAX_TWO_BYTES) {
            return frame.writeByte(mask | TWO_BYTES).writeShort(length);
        }
        return frame.writeByte(mask | EIGHT_BYTES).writeLong(length);
    }

    private static void mask(byte[] payload, int length, int mask) {
        long eight = (mask & 0xFFFF_FFFFL) | ((long) mask << Integer.SIZE);
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            LONGS.set(payload, at, (long) LONGS.get(payload, at) ^ eight);
        }
        for (; at < length; at++) {
            payload[at] ^= (byte) (eight >>> ((at & 7) * Byte.SIZE));
        }
    }

    /** An array of at least this length; that of the thread, if it is an event loop. */
    private static byte[] scratch(int length) {
        if (length > MAX_SCRATCH || !(Thread.currentThread() instanceof FastThreadLocalThread)) {
            return new byte[length];
        }
        byte[] current = SCRATCH.get();
        if (current == null || current.length < length) {
            current = new byte[Math.max(FIRST_SCRATCH, Integer.highestOneBit(length) << 1)];
            SCRATCH.set(current);
        }
        return current;
    }
}
