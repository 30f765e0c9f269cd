package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none|127.0.0.1|false",
                "none|::1|false",
                "none|10.1.2.3|false",
                "loopback|127.0.0.1|true",
                "loopback|127.8.9.1|true",
                "loopback|::1|true",
                "loopback|::ffff:127.0.0.1|true",
                "loopback|10.1.2.3|false",
                "loopback|fe80::1%eth9|false",
                "all|203.0.113.9|true",
                "10.1.0.0/16|10.1.2.3|true",
                "10.1.0.0/16|10.2.2.3|false",
                "10.1.0.0/16|127.0.0.1|false",
                "10.1.0.0/16|::1|false",
                "10.1.2.3|10.1.2.3|true",
                "10.1.2.3|10.1.2.4|false",
                "loopback,10.1.0.0/16|127.0.0.1|true",
                "2001:db8::/32|2001:db8::7|true",
                "2001:db8::/32|2001:db9::7|false",
                "2001:db8::7|2001:db8::7|true"
            })
    void theConnectionsPeerDecides(String setting, String address, boolean permitted) {
        assertEquals(permitted, peers(setting).permit(request(address, Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "forwarded", "X-Forwarded-For", "x-forwarded-proto", "Via", "X-Real-Ip"})
    void whatAProxyHasMarkedIsNotLocal(String header) {
        HttpServerRequest request = request("127.0.0.1", Map.of(header, "127.0.0.1"));

        assertFalse(peers("loopback").permit(request));
        assertFalse(peers("127.0.0.0/8").permit(request));
        assertTrue(peers("all").permit(request));
    }

    @Test
    void aDomainSocketIsNotLocal() {
        HttpServerRequest request = request(SocketAddress.domainSocketAddress("/run/x"), Map.of());

        assertFalse(peers("loopback").permit(request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "everybody",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/0",
                "::/0",
                "10.0.0.0/x",
                "10.0.0.256",
                "localhost",
                "all,10.0.0.0/8",
                "none,loopback"
            })
    void otherEntriesAreRefusedByName(String setting) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> peers(setting));

        assertTrue(String.valueOf(refusal.getMessage()).startsWith("livebridge.browser.clients-without-origin: '"));
    }

    private static Peers peers(String setting) {
        return new Peers(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of("livebridge.browser.clients-without-origin", setting), "test", 100))
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .build()
                .getConfigMapping(LivebridgeConfig.class));
    }

    private static HttpServerRequest request(String address, Map<String, String> headers) {
        return request(SocketAddress.inetSocketAddress(50_000, address), headers);
    }

    /** A request whose own address is a forwarded one, which nothing may ask for. */
    private static HttpServerRequest request(SocketAddress peer, Map<String, String> headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
        HttpConnection connection = answering(HttpConnection.class, Map.of("remoteAddress", peer));
        return answering(HttpServerRequest.class, Map.of("connection", connection, "headers", all));
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> {
            if (!answers.containsKey(method.getName())) {
                throw new AssertionError("asked for " + method.getName());
            }
            return answers.get(method.getName());
        }));
    }
}
