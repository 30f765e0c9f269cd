package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.message.ServerMessage;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the service bundles, orders and spells what it says, it is read to the same messages in the same order. */
class BundledFramesTest {

    private static final int FRAMES = 4_000;

    private final WireDecoder decoder = new WireDecoder();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bundlesAreReadInTheOrderOfHandling(boolean snakeCase) throws WireException {
        for (long seed = 0; seed < FRAMES; seed++) {
            BundledFrame frame = new BundledFrame(seed, snakeCase);

            assertEquals(frame.messages(), decoder.decode(frame.compact()), "compact, seed " + seed);
            assertEquals(frame.messages(), decoder.decode(frame.pretty()), "pretty, seed " + seed);
        }
    }

    @Test
    void theRandomFramesHoldEveryKindOfMessage() {
        Set<Class<?>> seen = new HashSet<>();
        for (long seed = 0; seed < FRAMES; seed++) {
            new BundledFrame(seed, false).messages().forEach(message -> seen.add(message.getClass()));
        }

        Set<Class<?>> all = kinds(ServerMessage.class).collect(Collectors.toSet());
        all.remove(ServerMessage.SetupComplete.class);
        assertEquals(all, seen, "all but the one that comes alone");
    }

    /** The records below a sealed interface, across its categories. */
    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(BundledFramesTest::kinds)
                : Stream.of(type);
    }
}
