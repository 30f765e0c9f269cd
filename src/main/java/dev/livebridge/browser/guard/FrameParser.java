package dev.livebridge.browser.guard;

import io.netty.buffer.ByteBuf;

/**
 * Incremental parser of WebSocket frame headers (RFC 6455 section 5.2). Accepts any segmentation of the byte stream;
 * neither stores nor changes bytes, and allocates nothing. Not thread-safe.
 */
final class FrameParser {

    static final int CONTINUATION = 0;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int OPCODE_BITS = 0x0F;
    private static final int LENGTH_BITS = 0x7F;
    private static final int TWO_BYTES_FOLLOW = 126;
    private static final int MASK_BYTES = 4;

    /** Receives the events of the parser. */
    interface Sink {

        /**
         * A frame's header is complete; its payload follows.
         *
         * @param last whether the frame is the last of its message
         * @param opcode 0 to 15
         * @param length bytes of payload; negative for a length that RFC 6455 forbids
         * @return whether the frame is accepted; {@code false} ends the parsing permanently
         */
        boolean onHeader(boolean last, int opcode, long length);

        /** Payload of the current frame has arrived. */
        void onPayload(int bytes);

        /** The current frame is complete. */
        void onEnd();
    }

    private enum Expects {
        FLAGS,
        LENGTH,
        MORE_LENGTH,
        MASK,
        PAYLOAD
    }

    private Expects expects = Expects.FLAGS;
    private boolean last;
    private int opcode;
    private boolean masked;
    private int pending;
    private long length;

    /**
     * Parses the bytes from the reader index to the writer index; both indexes stay unchanged.
     *
     * @return the end of the accepted bytes: the writer index, or the index where the refused frame begins
     */
    int parse(ByteBuf in, Sink sink) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        int frameAt = at;
        while (at < end) {
            if (expects == Expects.PAYLOAD) {
                int arrived = (int) Math.min(length, (long) end - at);
                at += arrived;
                length -= arrived;
                sink.onPayload(arrived);
                endFrame(sink);
                continue;
            }
            if (expects == Expects.FLAGS) {
                frameAt = at;
            }
            if (!header(in.getByte(at++), sink)) {
                return frameAt;
            }
        }
        return end;
    }

    private boolean header(byte next, Sink sink) {
        switch (expects) {
            case FLAGS -> {
                last = next < 0;
                opcode = next & OPCODE_BITS;
                expects = Expects.LENGTH;
            }
            case LENGTH -> {
                masked = next < 0;
                length = next & LENGTH_BITS;
                if (length < TWO_BYTES_FOLLOW) {
                    return endHeader(sink);
                }
                pending = length == TWO_BYTES_FOLLOW ? Short.BYTES : Long.BYTES;
                length = 0;
                expects = Expects.MORE_LENGTH;
            }
            case MORE_LENGTH -> {
                length = length << Byte.SIZE | Byte.toUnsignedLong(next);
                if (--pending == 0) {
                    return endHeader(sink);
                }
            }
            case MASK -> {
                if (--pending == 0) {
                    beginPayload(sink);
                }
            }
            case PAYLOAD -> throw new IllegalStateException("the parser expects payload, not a header");
        }
        return true;
    }

    private boolean endHeader(Sink sink) {
        if (!sink.onHeader(last, opcode, length)) {
            return false;
        }
        if (masked) {
            pending = MASK_BYTES;
            expects = Expects.MASK;
        } else {
            beginPayload(sink);
        }
        return true;
    }

    private void beginPayload(Sink sink) {
        expects = Expects.PAYLOAD;
        endFrame(sink);
    }

    private void endFrame(Sink sink) {
        if (length == 0) {
            expects = Expects.FLAGS;
            sink.onEnd();
        }
    }
}
