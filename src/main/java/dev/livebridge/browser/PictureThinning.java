package dev.livebridge.browser;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.MessageKind;
import dev.livebridge.session.TokenBucket;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.RelayMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rate of a client's pictures. Above the rate the newest picture is held until the next one is due and older
 * ones are dropped: they are out of date. Not thread-safe.
 */
final class PictureThinning {

    /** Pictures; allows camera and screen at once, and a picture that comes slightly early. */
    private static final double BURST = 3;

    private final TokenBucket bucket;
    private final RelayMeters meters;
    private ClientMessage.@Nullable Video held;
    private boolean timerRequested;
    private boolean exceeded;
    private boolean reported;

    /**
     * A limiter before the first picture.
     *
     * @param perSecond pictures; positive
     * @param meters count the dropped pictures
     */
    PictureThinning(double perSecond, RelayMeters meters, long nowNanos) {
        this.bucket = new TokenBucket(perSecond, Math.max(BURST, perSecond), nowNanos);
        this.meters = meters;
    }

    /**
     * Removes the pictures that are not due.
     *
     * @return the other messages, in order; the same list if nothing is removed
     */
    List<ClientMessage> thinOut(List<ClientMessage> messages, long nowNanos) {
        List<ClientMessage> rest = null;
        for (int i = 0; i < messages.size(); i++) {
            ClientMessage message = messages.get(i);
            if (message instanceof ClientMessage.Video picture && !offer(picture, nowNanos)) {
                rest = rest == null ? new ArrayList<>(messages.subList(0, i)) : rest;
            } else if (rest != null) {
                rest.add(message);
            }
        }
        return rest == null ? messages : rest;
    }

    private boolean offer(ClientMessage.Video picture, long nowNanos) {
        if (held == null && bucket.tryTake(nowNanos)) {
            return true;
        }
        exceeded = true;
        if (held != null) {
            meters.dropped(Direction.UP, MessageKind.VIDEO, DropReason.THINNED_OUT);
        }
        held = picture;
        return false;
    }

    /** Whether pictures were held back or dropped and the client does not know it yet; {@code true} once. */
    boolean takeFirstExcess() {
        if (!exceeded || reported) {
            return false;
        }
        reported = true;
        return true;
    }

    /**
     * The time until the held picture is due. The caller then calls {@link #due}; until that call this returns
     * {@code null}.
     *
     * @return {@code null} when no picture is held, or the time was returned before
     */
    @Nullable
    Duration takeWait(long nowNanos) {
        if (held == null || timerRequested) {
            return null;
        }
        timerRequested = true;
        return Duration.ofNanos(bucket.nanosToNext(nowNanos));
    }

    /** The held picture, if it is due. */
    ClientMessage.@Nullable Video due(long nowNanos) {
        timerRequested = false;
        ClientMessage.Video picture = held;
        if (picture == null || !bucket.tryTake(nowNanos)) {
            return null;
        }
        held = null;
        return picture;
    }
}
