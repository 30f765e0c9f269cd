package dev.livebridge.access.request;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.hostile.HostileClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers without a credential, with {@code livebridge.access.anonymous}. */
@QuarkusTest
@TestProfile(AnonymousTest.Public.class)
class AnonymousTest {

    private static final String PAGE = "Origin: " + AccessProfile.PAGE;
    private static final String GEMINI =
            "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    @TestHTTPResource("/")
    URI server;

    private final Path directory = AccessProfile.directory();

    /** A service that admits users of an allowed page without a credential, and callers with credentials. */
    public static class Public extends AccessProfile {
        @Override
        protected Map<String, String> more() {
            return Map.of("livebridge.access.anonymous", "true");
        }
    }

    private int upgrade(String path, String... headers) throws IOException {
        try (HostileClient client = new HostileClient(server)) {
            return client.upgrade(path, headers);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live", GEMINI})
    void aUserOfAnAllowedPageIsAdmitted(String path) throws IOException {
        // An anonymous caller may have one conversation at a time; that of another test may still be ending.
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> upgrade(path, PAGE) == 101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live"})
    void aProgramWithoutACredentialIsRefused(String path) throws IOException {
        assertEquals(401, upgrade(path));
        assertEquals(401, upgrade(path, "X-Forwarded-For: 127.0.0.1"));
    }

    @Test
    void aForeignPageIsRefused() throws IOException {
        assertEquals(403, upgrade("/live", "Origin: https://evil.example"));
    }

    @Test
    void anInvalidCredentialIsRefusedAndNotAnonymous() throws IOException {
        assertEquals(401, upgrade("/live", PAGE, "Authorization: Bearer garbage"));
        assertEquals(401, upgrade("/live", PAGE, "Cookie: q_session=garbage"));
    }

    @Test
    void aCallerWithACredentialIsAdmitted() throws IOException {
        String key = Files.readString(directory.resolve("key-page"));

        assertEquals(101, upgrade("/live", PAGE, "Authorization: Bearer " + key));
    }
}
