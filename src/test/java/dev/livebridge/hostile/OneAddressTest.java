package dev.livebridge.hostile;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One address against a limit of three sockets and one new socket every two seconds per address. */
@QuarkusTest
@TestProfile(OneAddressTest.ThreeSockets.class)
class OneAddressTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionRegistry sessions;

    private final List<HostileClient> clients = new ArrayList<>();

    /** Narrow limits, behind a proxy on this machine. */
    public static class ThreeSockets implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.per-address.max-sockets", "3",
                    "livebridge.per-address.sockets-per-second", "0.5",
                    "livebridge.browser.allowed-origins", "https://talk.example.com",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        }
    }

    private HostileClient client() throws IOException {
        HostileClient client = new HostileClient(server);
        clients.add(client);
        return client;
    }

    private int upgradeFrom(String address, HostileClient client) throws IOException {
        return client.upgrade("/live", "X-Forwarded-For: " + address, "Origin: https://talk.example.com");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (HostileClient client : clients) {
            client.close();
        }
        await().atMost(SOON).until(() -> sessions.active() == 0 && sessions.awaitingSetup() == 0);
    }

    @Test
    void theFourthSocketOfAnAddressIsRefused() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals(101, upgradeFrom("203.0.113.9", client()));
        }

        HostileClient fourth = client();
        assertEquals(429, upgradeFrom("203.0.113.9", fourth));
        assertEquals("5", fourth.header("Retry-After"));
        assertEquals(101, upgradeFrom("203.0.113.10", client()), "another address is not affected");

        clients.getFirst().close();
        await().atMost(SOON).until(() -> upgradeFrom("203.0.113.9", client()) == 101);
    }

    @Test
    void anIpv6NetworkCountsAsOneAddress() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals(101, upgradeFrom("[2001:db8:1:2::" + (i + 1) + "]", client()));
        }

        assertEquals(429, upgradeFrom("[2001:db8:1:2:ffff::9]", client()));
        assertEquals(101, upgradeFrom("[2001:db8:1:3::1]", client()));
    }

    @Test
    void anAddressThatComesTooOftenIsRefused() throws IOException {
        int admitted = 0;
        for (int i = 0; i < 20; i++) {
            try (HostileClient client = new HostileClient(server)) {
                int status = upgradeFrom("203.0.113.77", client);
                admitted += status == 101 ? 1 : 0;
                if (status != 101) {
                    assertEquals(429, status);
                    assertEquals("5", client.header("Retry-After"));
                }
            }
            await().atMost(SOON).until(() -> sessions.awaitingSetup() == 0);
        }

        assertTrue(admitted >= 5 && admitted < 20, admitted + " admitted");
    }
}
