package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.Backend;
import dev.livebridge.config.SimulatorAddress;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendChoiceTest {

    private static final String BACKEND = "livebridge.upstream.backend";
    private static final String BASE_URI = "livebridge.gemini.base-uri";
    private static final Map<String, String> KEY = Map.of("GEMINI_API_KEY", "hidden");
    private static final URI SIMULATOR = URI.create("http://127.0.0.1:4711");

    private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

    private final List<LogRecord> log = new ArrayList<>();
    private final Logger logger = Logger.getLogger(BackendChoice.class.getName());
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void record() {
        logger.addHandler(recorder);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(recorder);
    }

    private static BackendChoice choose(LaunchMode mode, Map<String, String> settings) {
        SmallRyeConfig config = Settings.of(settings);
        LivebridgeConfig livebridge = config.getConfigMapping(LivebridgeConfig.class);
        SimulatorAddress simulator = () -> SIMULATOR;
        return new BackendChoice(livebridge, new Credentials(livebridge, config), () -> simulator, mode);
    }

    private static String refusal(LaunchMode mode, Map<String, String> settings) {
        return String.valueOf(assertThrows(ConfigurationException.class, () -> choose(mode, settings))
                .getMessage());
    }

    private static Map<String, String> withKey(String name, String value) {
        Map<String, String> settings = new HashMap<>(KEY);
        settings.put(name, value);
        return settings;
    }

    private List<String> lines(Level level) {
        return log.stream()
                .filter(line -> line.getLevel().intValue() == level.intValue())
                .map(MESSAGE::format)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(LaunchMode.class)
    void aKeyMeansGemini(LaunchMode mode) {
        BackendChoice choice = choose(mode, KEY);

        assertEquals(Backend.GEMINI, choice.backend());
        assertEquals("gemini", choice.label());
        assertEquals(URI.create("https://generativelanguage.googleapis.com"), choice.address());
        assertEquals(List.of(), lines(Level.WARNING));
    }

    @ParameterizedTest
    @EnumSource(
            value = LaunchMode.class,
            names = {"DEVELOPMENT", "TEST"})
    void noKeyMeansTheSimulatorWhileDeveloping(LaunchMode mode) {
        BackendChoice choice = choose(mode, Map.of());

        assertEquals(Backend.SIMULATOR, choice.backend());
        assertEquals("simulator", choice.label());
        assertEquals(SIMULATOR, choice.address());
        assertEquals(
                List.of("The built-in simulator answers, not Gemini: set GEMINI_API_KEY to talk with Gemini"),
                lines(Level.INFO));
    }

    @Test
    void productionRefusesToStartWithoutABackend() {
        assertEquals(
                "No backend configured: set GEMINI_API_KEY to talk with Gemini, or"
                        + " LIVEBRIDGE_UPSTREAM_BACKEND=simulator for the built-in simulator.",
                refusal(LaunchMode.NORMAL, Map.of()));
    }

    @ParameterizedTest
    @EnumSource(LaunchMode.class)
    void geminiWithoutAKeyRefusesToStart(LaunchMode mode) {
        assertEquals(
                "livebridge.upstream.backend is gemini, but there is no API key: set GEMINI_API_KEY, or choose the"
                        + " simulator (LIVEBRIDGE_UPSTREAM_BACKEND=simulator).",
                refusal(mode, Map.of(BACKEND, "gemini")));
    }

    @Test
    void theSimulatorCanBeChosenAlthoughThereIsAKey() {
        assertEquals(
                Backend.SIMULATOR,
                choose(LaunchMode.DEVELOPMENT, withKey(BACKEND, "simulator")).backend());
    }

    @Test
    void theSimulatorInProductionIsWarnedAbout() {
        assertEquals(
                Backend.SIMULATOR,
                choose(LaunchMode.NORMAL, Map.of(BACKEND, "simulator")).backend());
        assertEquals(
                List.of("The built-in simulator answers, not Gemini: livebridge.upstream.backend says so"),
                lines(Level.WARNING));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080",
                "http://localhost:8080/prefix",
                "ws://[::1]:8080",
                "https://example.org",
                "WSS://example.org",
            })
    void addressesThatAreFine(String address) {
        assertEquals(
                URI.create(address),
                choose(LaunchMode.NORMAL, withKey(BASE_URI, address)).address());
        assertEquals(List.of(), lines(Level.WARNING));
    }

    @Test
    void anAddressWithoutEncryptionIsWarnedAbout() {
        choose(LaunchMode.NORMAL, withKey(BASE_URI, "http://127.0.0.1.example.org"));

        assertEquals(
                List.of("livebridge.gemini.base-uri is not encrypted: key and conversations can be read on the way"),
                lines(Level.WARNING));
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://example.org, must be http(s)://host[:port]",
        "example.org, must be http(s)://host[:port]",
        "localhost:8080, must be http(s)://host[:port]",
        "https:///path, must be http(s)://host[:port]",
        "https://user:pw@example.org, must not hold a user",
        "https://example.org?key=hidden, must not hold a user",
        "https://example.org#top, must not hold a user",
    })
    void addressesThatAreNot(String address, String why) {
        String refusal = refusal(LaunchMode.DEVELOPMENT, withKey(BASE_URI, address));

        assertTrue(refusal.startsWith("livebridge.gemini.base-uri " + why), refusal);
        assertFalse(refusal.contains("hidden") || refusal.contains("pw"), refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"beta", "v1beta/..", "v1 beta", "1"})
    void versionsThatAreNot(String version) {
        assertEquals(
                "livebridge.gemini.api-version must look like v1, v1beta or v1alpha.",
                refusal(LaunchMode.DEVELOPMENT, Map.of("livebridge.gemini.api-version", version)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha", "v1beta", "v1beta1"})
    void versionsThatAreFine(String version) {
        assertEquals(
                Backend.SIMULATOR,
                choose(LaunchMode.TEST, Map.of("livebridge.gemini.api-version", version))
                        .backend());
    }

    @Test
    void aModelThatCanBeNoModelIsRefused() {
        assertEquals(
                "livebridge.gemini.model must be a model's name, like gemini-3.8-live.",
                refusal(LaunchMode.DEVELOPMENT, Map.of("livebridge.gemini.model", "my model")));
    }

    @Test
    void theKeyIsNotLogged() {
        choose(LaunchMode.NORMAL, KEY);

        assertEquals(1, log.size());
        assertFalse(lines(Level.INFO).getFirst().contains("hidden"));
    }
}
