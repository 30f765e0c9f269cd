package dev.livebridge.access.request;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.HostileClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of an identity provider: fetched, rotated, unavailable. */
@QuarkusTest
@QuarkusTestResource(value = IdentityProviderStub.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IdentityProviderTest {

    @TestHTTPResource("/")
    URI server;

    private final String issuerUrl = ConfigProvider.getConfig().getValue("test.issuer.url", String.class);
    private final Path directory = Path.of(ConfigProvider.getConfig().getValue("test.issuer.directory", String.class));

    @AfterEach
    void restore() {
        RestAssured.get(issuerUrl + "/up").then().statusCode(200);
    }

    private Issuer issuer() {
        return Issuer.read(directory);
    }

    private int fetches() {
        return Integer.parseInt(RestAssured.get(issuerUrl + "/fetches").asString());
    }

    private int upgrade(String token) throws IOException {
        try (HostileClient client = new HostileClient(server)) {
            return client.upgrade("/live", "Authorization: Bearer " + token);
        }
    }

    @Test
    @Order(1)
    void aTokenWithAKnownKeyIsAdmittedWithoutAFetch() throws IOException {
        assertEquals(101, upgrade(issuer().token("alice")));
        int before = fetches();

        assertEquals(101, upgrade(issuer().token("bob")));

        assertEquals(before, fetches());
    }

    @Test
    @Order(2)
    void manyUnknownKeysCauseFewFetches() throws IOException {
        int before = fetches();

        for (int i = 0; i < 10; i++) {
            assertEquals(401, upgrade(issuer().tokenWithKid("alice", "unknown-" + i)));
        }

        assertTrue(fetches() - before <= 3, () -> (fetches() - before) + " fetches for ten unknown keys");
    }

    @Order(3)
    @ParameterizedTest
    @ValueSource(strings = {"down", "broken", "slow"})
    void withoutTheProviderKnownKeysVerifyAndUnknownKeysAreRefusedInTime(String behaviour) throws IOException {
        RestAssured.get(issuerUrl + "/" + behaviour).then().statusCode(200);

        long begin = System.nanoTime();
        int status = upgrade(issuer().tokenWithKid("alice", "unknown"));

        assertTrue(Set.of(401, 503).contains(status), () -> "status " + status);
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 15, "the upgrade waits for the provider");
        assertEquals(101, upgrade(issuer().token("alice")));
    }

    @Test
    @Order(4)
    void aNewKeyIsFetchedAndTheOldKeyIsRefused() throws IOException {
        String former = issuer().token("alice");
        RestAssured.get(issuerUrl + "/rotate").then().statusCode(200);

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> upgrade(issuer().tokenWithKid("alice", "two")) == 101);

        assertEquals(401, upgrade(former));
    }
}
