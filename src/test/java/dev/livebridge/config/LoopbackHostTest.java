package dev.livebridge.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackHostTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "[::1]"})
    void loopback(String host) {
        assertTrue(LoopbackHost.matches(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost.example",
                "xlocalhost",
                "127.0.0.1.example",
                "127.0.0",
                "128.0.0.1",
                "::1",
                "[::2]",
                "10.0.0.1"
            })
    void other(String host) {
        assertFalse(LoopbackHost.matches(host));
    }
}
