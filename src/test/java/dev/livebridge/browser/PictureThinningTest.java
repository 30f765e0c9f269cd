package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureThinningTest {

    private static final long SECOND = 1_000_000_000L;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PictureThinning pictures = new PictureThinning(1, new Meters(registry).relay("live"), 0);

    private static ClientMessage picture(int number) {
        return new ClientMessage.Video(Base64Text.encode(new byte[] {(byte) number, 0, 0}), "image/jpeg");
    }

    @Test
    void onePictureASecondPasses() {
        for (int i = 0; i < 600; i++) {
            List<ClientMessage> one = List.of(picture(i));
            // A page's timer is not exact
            assertSame(one, pictures.thinOut(one, i * SECOND + (i % 3) * SECOND / 10));
        }

        assertFalse(pictures.takeFirstExcess());
    }

    @Test
    void ofManyTheNewestGoesOnWhenItIsDue() {
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 138; i++) {
            if (!pictures.thinOut(List.of(picture(i)), i * SECOND * 5 / 138).isEmpty()) {
                sent.add(i);
            }
        }
        assertEquals(List.of(0, 1, 2), sent, "the burst");
        Duration wait = pictures.takeWait(5 * SECOND);
        assertNotNull(wait);
        assertNull(pictures.takeWait(5 * SECOND), "the time is returned once");

        assertEquals(picture(137), pictures.due(5 * SECOND + wait.toNanos()));

        assertNull(pictures.due(100 * SECOND), "and only that one");
        assertEquals(
                134,
                registry.get(Metric.RELAY_DROPPED.id())
                        .tag("reason", "thinned_out")
                        .tag("kind", "video")
                        .tag("direction", "up")
                        .counter()
                        .count());
    }

    @Test
    void theClientIsToldOnce() {
        for (int i = 0; i < 3; i++) {
            pictures.thinOut(List.of(picture(i)), 0);
        }
        assertFalse(pictures.takeFirstExcess());
        pictures.thinOut(List.of(picture(3)), 0);

        assertTrue(pictures.takeFirstExcess());

        pictures.thinOut(List.of(picture(4)), 0);
        assertFalse(pictures.takeFirstExcess());
    }

    @Test
    void whatElseTheFrameHoldsPassesInOrder() {
        ClientMessage sound = new ClientMessage.Audio(Base64Text.encode(new byte[2]), "audio/pcm");
        ClientMessage text = new ClientMessage.RealtimeText("hello");
        pictures.thinOut(List.of(picture(0), picture(1), picture(2)), 0);

        List<ClientMessage> rest = pictures.thinOut(List.of(sound, picture(3), text, picture(4)), 0);

        assertEquals(List.of(sound, text), rest);
        assertEquals(picture(4), pictures.due(SECOND));
    }
}
