package dev.livebridge.browser.guard;

import java.time.Duration;

/**
 * Limits on the data that one connection may send. Sizes are bytes of payload; a frame is a WebSocket frame (RFC 6455
 * section 5.2), so a fragmented message is several.
 *
 * @param firstMessageBytes size of the first message, which is the setup
 * @param firstMessageFrames frames of the first message
 * @param messageBytes size of any later message
 * @param framesPerSecond sustained rate of frames of any kind; the burst is ten seconds of it
 * @param bytesPerSecond sustained rate of bytes on the wire
 * @param bytesBurst bytes above that rate
 * @param pingInterval time between two pings to the client; after three without a byte from it the connection is
 *     dropped
 */
public record FrameLimits(
        int firstMessageBytes,
        int firstMessageFrames,
        int messageBytes,
        int framesPerSecond,
        long bytesPerSecond,
        long bytesBurst,
        Duration pingInterval) {

    /** Burst in seconds of the sustained rate: a client sends its backlog after a stall. */
    static final int FRAME_BURST_SECONDS = 10;

    /** Pings and unsolicited pongs of the client. Keep-alives are seconds apart. */
    static final int CONTROL_FRAMES_PER_SECOND = 2;

    static final int CONTROL_FRAMES_BURST = 20;

    /** Maximum number of unsent pongs of a client that does not read. */
    static final int UNREAD_PONGS = 40;

    private static final Duration MIN_PING_INTERVAL = Duration.ofMillis(200);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public FrameLimits {
        require(framesPerSecond > 0, "frames-per-second must be positive");
        require(bytesPerSecond > 0, "bytes-per-second must be positive");
        require(
                bytesBurst >= messageBytes,
                "bytes-burst must not be less than the largest message of " + messageBytes + " bytes");
        require(
                pingInterval.compareTo(MIN_PING_INTERVAL) >= 0,
                "ping-interval must be at least " + MIN_PING_INTERVAL.toMillis() + "ms");
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalArgumentException("livebridge.session." + sentence + ".");
        }
    }
}
