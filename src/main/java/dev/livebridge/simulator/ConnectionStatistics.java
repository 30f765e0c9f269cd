package dev.livebridge.simulator;

import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What arrived on one connection. Written by its event loop, readable from any thread. */
public final class ConnectionStatistics {

    private final CRC32 crc = new CRC32();
    private volatile boolean open = true;
    private volatile long messages;
    private volatile Audio audio = new Audio(0, 0, 0);
    private volatile @Nullable Picture lastPicture;
    private volatile @Nullable Ending ending;

    /**
     * All audio received.
     *
     * @param chunks messages that carried audio
     * @param bytes decoded
     * @param crc32 over all bytes in order of arrival
     */
    public record Audio(long chunks, long bytes, long crc32) {}

    /**
     * How the connection closed.
     *
     * @param code of the close frame the simulator sent or received; 1006 without one
     */
    public record Ending(int code, String reason) {}

    ConnectionStatistics() {}

    /** Whether the socket is still there. */
    public boolean open() {
        return open;
    }

    /** Client messages so far, the setup included. */
    public long messages() {
        return messages;
    }

    /** All audio so far. */
    public Audio audio() {
        return audio;
    }

    /** The newest picture. */
    public Optional<Picture> lastPicture() {
        return Optional.ofNullable(lastPicture);
    }

    /** How it closed; empty while open. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** Counts one more and says how many there have been. */
    long countMessage() {
        long count = messages + 1;
        messages = count;
        return count;
    }

    void countAudio(byte[] pcm) {
        crc.update(pcm);
        Audio before = audio;
        audio = new Audio(before.chunks() + 1, before.bytes() + pcm.length, crc.getValue());
    }

    void picture(Picture picture) {
        lastPicture = picture;
    }

    void closed(int code, @Nullable String reason) {
        ending = new Ending(code, reason == null ? "" : reason);
        open = false;
    }
}
