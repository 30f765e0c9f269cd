package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopChoiceTest {

    private VertxInternal vertx = vertx(1);

    private static VertxInternal vertx(int loops) {
        return (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private EventLoop next() {
        return vertx.createEventLoopContext().nettyEventLoop();
    }

    /** Three are no power of two, for which Netty takes turns in another way. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void theConnectionIsOnTheWantedEventLoop(int loops) {
        close();
        vertx = vertx(loops);
        Set<EventLoop> all = new LinkedHashSet<>();
        for (int i = 0; i < loops; i++) {
            all.add(next());
        }
        assertEquals(loops, all.size());
        EventLoopChoice choice = new EventLoopChoice(vertx);
        Random random = new Random(1);

        for (int round = 0; round < 20; round++) {
            for (EventLoop wanted : all) {
                // Other connections take turns, too.
                for (int other = random.nextInt(5); other > 0; other--) {
                    assertNotNull(next());
                }
                assertEquals(wanted, choice.on(wanted, this::next));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 2)
    void anExecutorThatIsNoEventLoopHasNoEffect(int loops) {
        close();
        vertx = vertx(loops);

        assertNotNull(new EventLoopChoice(vertx).on(Runnable::run, this::next));
    }
}
