package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https, a.example, 443",
        "HTTP://A.Example:8080, http, a.example, 8080",
        "http://[::1]:9080, http, [::1], 9080"
    })
    void readsOrigins(String text, String scheme, String host, int port) {
        assertEquals(Optional.of(new Origin(scheme, host, port)), Origin.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "*",
                "a.example",
                "https://",
                "https://a.example/",
                "https://a.example/x",
                "https://u@a.example",
                "https://a.example?q",
                "ws://a.example",
                "file:///x",
                "https://a example",
                "data:text/html,x"
            })
    void refusesEverythingElse(String text) {
        assertEquals(Optional.empty(), Origin.parse(text));
    }

    @Test
    void knowsLoopback() {
        assertTrue(Origin.parse("http://localhost:8000").orElseThrow().isLoopback());
        assertTrue(Origin.parse("http://127.0.0.2").orElseThrow().isLoopback());
        assertFalse(Origin.parse("http://127.0.0.1.evil.example").orElseThrow().isLoopback());
        assertFalse(Origin.parse("http://localhost.evil.example").orElseThrow().isLoopback());
    }
}
