package dev.livebridge.access.keys;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {

    private static final String HASH = "0".repeat(64);
    private static final ApiKeyText KEY = ApiKeyText.generate("shop", new SecureRandom());

    @TempDir
    Path directory;

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("access-keys"), text);
    }

    private Path write(ApiKey... keys) throws IOException {
        Map<String, ApiKey> byId = new java.util.LinkedHashMap<>();
        for (ApiKey key : keys) {
            byId.put(key.id(), key);
        }
        return write(new KeyFile(byId).text());
    }

    private static ApiKey entry(ApiKeyText key) {
        return new ApiKey(key.id(), key.id(), Set.of("talk"), List.of(key.hash()), Set.of(), null);
    }

    @Test
    void aKeyOfTheFileIsFound() throws IOException {
        assertEquals(
                entry(KEY), new ApiKeys(write(entry(KEY))).find(KEY.whole()).orElseThrow());
    }

    @Test
    void aKeyIsValidUntilItExpiresOrIsRevoked() throws IOException {
        ApiKey entry = entry(KEY);
        Instant end = Instant.parse("2030-01-01T00:00:00Z");
        ApiKeys keys = new ApiKeys(
                write(new ApiKey(entry.id(), entry.subject(), entry.roles(), entry.hashes(), entry.origins(), end)));

        assertTrue(keys.isValid(entry.id(), end.minusSeconds(1)));
        assertFalse(keys.isValid(entry.id(), end));
        assertFalse(keys.isValid("other", end.minusSeconds(1)));
    }

    @Test
    void anyOtherTextIsNotFound() throws IOException {
        ApiKeys keys = new ApiKeys(write(entry(KEY)));
        String whole = KEY.whole();

        for (String wrong : List.of(
                "",
                "lb_shop_",
                whole.substring(0, whole.length() - 1),
                whole + "A",
                whole + "\n",
                " " + whole,
                whole.replace("lb_shop", "lb_other"),
                whole.replace("lb_shop", "LB_shop"),
                ApiKeyText.generate("shop", new SecureRandom()).whole(),
                KEY.hash(),
                "x".repeat(100_000))) {
            assertTrue(keys.find(wrong).isEmpty(), wrong);
        }
    }

    @Test
    void withoutAFileNoKeyIsValid() {
        assertTrue(new ApiKeys((Path) null).find(KEY.whole()).isEmpty());
    }

    @Test
    void aChangedFileIsReadAgainAndAnInvalidFileChangesNothing() throws IOException {
        ApiKeyText other = ApiKeyText.generate("other", new SecureRandom());
        ApiKeys keys = new ApiKeys(write(entry(KEY)));

        write("{\"keys\":[");
        await().during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> keys.find(KEY.whole()).isPresent());

        write(entry(other));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> keys.find(KEY.whole()).isEmpty()
                        && keys.find(other.whole()).isPresent());
    }

    @Test
    void toStringDoesNotContainTheKey() {
        assertFalse(KEY.toString().contains(KEY.whole()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys",
                "[]",
                "{\"keys\":{}}",
                "{\"keys\":[],\"more\":1}",
                "{\"keys\":[1]}",
                "{\"keys\":[{\"id\":\"a\"}]}",
                "{\"keys\":[{\"id\":\"a_b\",\"hashes\":[\"HASH\"]}]}",
                "{\"keys\":[{\"id\":\"-a\",\"hashes\":[\"HASH\"]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\",\"HASH\",\"HASH\"]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"lb_a_secret\"]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"secret\":\"x\"}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"roles\":\"talk\"}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"roles\":[\"a b\"]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"subject\":\"a b\"}]}",
                "{\"keys\":[{\"id\":7,\"hashes\":[\"HASH\"]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"subject\":null}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"subject\":7}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"origins\":[\"https://a/b\"]}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"],\"expires\":\"soon\"}]}",
                "{\"keys\":[{\"id\":\"a\",\"hashes\":[\"HASH\"]},{\"id\":\"a\",\"hashes\":[\"HASH\"]}]}"
            })
    void anInvalidFileIsRefusedAndItsContentIsNotShown(String text) throws IOException {
        Path file = write(text.replace("HASH", HASH));

        String message = String.valueOf(assertThrows(ConfigurationException.class, () -> new ApiKeys(file))
                .getMessage());

        assertTrue(message.startsWith("livebridge.access.keys-file: "), message);
        assertFalse(message.contains(HASH) || message.contains("secret"), message);
    }
}
