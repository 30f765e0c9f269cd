package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.OutboundProxy.Proxy;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundProxyTest {

    private static final URI GEMINI = URI.create("https://generativelanguage.googleapis.com");
    private static final String SETTING = "livebridge.upstream.proxy";

    private static OutboundProxy proxies(Map<String, String> settings) {
        // Whatever the machine of the test has in its environment does not count.
        Map<String, String> values = new HashMap<>(Map.of("https_proxy", "", "no_proxy", "", "http_proxy", ""));
        values.putAll(settings);
        SmallRyeConfig config = Settings.of(values);
        return new OutboundProxy(config.getConfigMapping(LivebridgeConfig.class), config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://proxy.example:3128              | proxy.example | 3128 |         | ''",
                "http://proxy.example:3128/             | proxy.example | 3128 |         | ''",
                "proxy.example:3128                     | proxy.example | 3128 |         | ''",
                "proxy.example                          | proxy.example | 80   |         | ''",
                "HTTP://192.0.2.1                       | 192.0.2.1     | 80   |         | ''",
                "http://[2001:db8::1]:8080              | 2001:db8::1   | 8080 |         | ''",
                "http://ann@proxy.example:1             | proxy.example | 1    | ann     | ''",
                "http://ann:p%40ss%3Aw+x@proxy.example:1| proxy.example | 1    | ann     | p@ss:w+x",
                "ann:secret@proxy.example:1             | proxy.example | 1    | ann     | secret",
            })
    void isReadFromTheSettingAndFromTheEnvironment(String text, String host, int port, String user, String password) {
        Proxy expected = new Proxy(host, port, user, password);

        assertEquals(expected, proxies(Map.of(SETTING, text)).to(GEMINI));
        assertEquals(expected, proxies(Map.of("https_proxy", text)).to(GEMINI));
        assertEquals(host + ":" + port, expected.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ann:secret@proxy.example:3128",
                "socks5://ann:secret@proxy.example",
                "http://ann:secret@",
                "http://ann:secret@proxy.example:99999",
                "http://ann:secret@proxy.example/path",
                "http://ann:secret@proxy.example?x=1",
                "http://ann:sec%0Aret@proxy.example",
                "http://ann:secret@pro xy.example",
                "http://ann:secret@proxy.example:port",
            })
    void aMalformedOneStopsTheStartAndIsNotShown(String text) {
        for (String name : new String[] {SETTING, "https_proxy"}) {
            ConfigurationException refused =
                    assertThrows(ConfigurationException.class, () -> proxies(Map.of(name, text)));

            assertFalse(String.valueOf(refused.getMessage()).contains("secret"), refused.getMessage());
            assertNull(refused.getCause());
        }
    }

    @Test
    void theSettingComesFirstAndNoneSwitchesOff() {
        Map<String, String> environment = Map.of("https_proxy", "http://env.example:1", "no_proxy", "googleapis.com");
        Map<String, String> both = new HashMap<>(environment);
        both.put(SETTING, "http://set.example:2");
        Map<String, String> off = new HashMap<>(Map.of("https_proxy", "http://env.example:1"));
        off.put(SETTING, "None");

        assertNull(proxies(environment).to(GEMINI));
        assertEquals(new Proxy("set.example", 2, null, ""), proxies(both).to(GEMINI));
        assertNull(proxies(off).to(GEMINI));
        assertNull(proxies(Map.of()).to(GEMINI));
        assertNull(proxies(Map.of("http_proxy", "http://env.example:1")).to(GEMINI));
    }

    @ParameterizedTest
    @CsvSource({
        "https://generativelanguage.googleapis.com, true",
        "WSS://generativelanguage.googleapis.com:8443/prefix, true",
        "http://generativelanguage.googleapis.com, false",
        "ws://generativelanguage.googleapis.com, false",
        "https://127.0.0.1:4711, false",
        "wss://localhost, false",
        "https://[::1]:4711, false",
        "https://internal.example:8443, false",
        "https://internal.example:443, true",
    })
    void onlyEncryptedTargetsElsewhereAreReachedThroughIt(URI target, boolean proxied) {
        OutboundProxy proxies =
                proxies(Map.of("https_proxy", "http://env.example:1", "no_proxy", "internal.example:8443"));

        assertEquals(proxied ? new Proxy("env.example", 1, null, "") : null, proxies.to(target));
    }

    @Test
    void theSettingRefusesATargetThatIsNotEncrypted() {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> proxies(Map.of(
                        SETTING, "http://proxy.example:1", "livebridge.gemini.base-uri", "http://gemini.example")));

        assertEquals(
                "livebridge.upstream.proxy is set, but livebridge.gemini.base-uri is not encrypted: a proxy could read"
                        + " key and conversations. Use https.",
                refused.getMessage());
    }
}
