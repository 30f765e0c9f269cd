package dev.livebridge.hostile;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The selection of a subprotocol from those that a client offers (RFC 6455 section 4.2.2). */
@QuarkusTest
class SubprotocolTest {

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionRegistry sessions;

    private final List<HostileClient> clients = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (HostileClient client : clients) {
            client.close();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> sessions.active() == 0 && sessions.awaitingSetup() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"livebridge", "livebridge, ticket.q7w8e9", "ticket.q7w8e9, livebridge", "a,b ,livebridge"})
    void theServiceChoosesItsSubprotocolAndNeverATicket(String offered) throws IOException {
        HostileClient client = new HostileClient(server);
        clients.add(client);

        assertEquals(101, client.upgrade("/live", "Sec-WebSocket-Protocol: " + offered));

        assertEquals("livebridge", client.header("Sec-WebSocket-Protocol"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket.q7w8e9", "Livebridge", "livebridge2", ",", "bearer, *"})
    void whatItDoesNotKnowItDoesNotChoose(String offered) throws IOException {
        HostileClient client = new HostileClient(server);
        clients.add(client);

        assertEquals(101, client.upgrade("/live", "Sec-WebSocket-Protocol: " + offered));

        assertNull(client.header("Sec-WebSocket-Protocol"));
    }
}
