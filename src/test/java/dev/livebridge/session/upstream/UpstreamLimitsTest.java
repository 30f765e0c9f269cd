package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.livebridge.message.ConnectionTraits;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamLimitsTest {

    @Test
    void theSmallestThatMakesSense() {
        new UpstreamLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0);
    }

    @Test
    void theOperatorsAgeWinsThenTheModelsThenTheUsualOne() {
        ConnectionTraits lasting = new ConnectionTraits(Duration.ofMinutes(55), false, false);
        UpstreamLimits configured =
                new UpstreamLimits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), 0);
        UpstreamLimits free = new UpstreamLimits(null, Duration.ofSeconds(1), Duration.ofSeconds(1), 0);

        assertEquals(Duration.ofSeconds(5), configured.maxAge(lasting));
        assertEquals(Duration.ofMinutes(55), free.maxAge(lasting));
        assertEquals(Duration.ofMinutes(9), free.maxAge(ConnectionTraits.USUAL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "999 | 10000 | 90000 | 10 | livebridge.upstream.max-connection-age must be at least 1s, but is 999ms.",
                "540000 | 0 | 90000 | 10 | livebridge.upstream.stall-timeout must be at least 1s, but is 0ms.",
                "540000 | 10000 | 999 | 10 | livebridge.upstream.silence-timeout must be at least 1s, but is 999ms.",
                "540000 | 10000 | 90000 | -1 | livebridge.upstream.reconnect-attempts must not be negative, but is -1."
            })
    void whatMakesNoSenseStopsTheStartAndNamesTheProperty(
            long age, long stall, long silence, int attempts, String sentence) {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> new UpstreamLimits(
                        Duration.ofMillis(age), Duration.ofMillis(stall), Duration.ofMillis(silence), attempts));

        assertEquals(sentence, refused.getMessage());
    }
}
