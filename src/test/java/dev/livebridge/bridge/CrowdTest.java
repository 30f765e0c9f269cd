package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.management.JMException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many concurrent sessions: in each, every chunk is echoed complete, once and in order. */
@QuarkusTest
@Tag("slow")
class CrowdTest {

    private static final int SESSIONS = 200;
    private static final int CHUNKS = 25;

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    @Inject
    Leaks leaks;

    @Test
    void nothingIsLostDoubledReorderedOrMixedUp() throws JMException {
        long before = leaks.sessionsOnTheHeap();
        List<TestClient> clients = new ArrayList<>();
        try {
            for (int session = 0; session < SESSIONS; session++) {
                TestClient client = TestClient.open(vertx, server, "/");
                client.send("{\"setup\":{\"system_instruction\":{\"parts\":"
                        + "[{\"text\":\"livebridge-simulator: echo\"}]}}}");
                clients.add(client);
            }
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                for (int session = 0; session < SESSIONS; session++) {
                    clients.get(session).say(chunk(session, chunk));
                }
            }

            assertTrue(leaks.sessionsOnTheHeap() >= before + SESSIONS, "they are found");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> clients.stream()
                            .allMatch(client -> client.all("audio").count() >= CHUNKS));

            for (int session = 0; session < SESSIONS; session++) {
                List<byte[]> heard = clients.get(session)
                        .all("audio")
                        .map(audio -> Base64.getDecoder().decode(audio.asText()))
                        .toList();
                for (int chunk = 0; chunk < CHUNKS; chunk++) {
                    assertArrayEquals(
                            chunk(session, chunk), heard.get(chunk), "session " + session + " chunk " + chunk);
                }
            }
        } finally {
            clients.forEach(TestClient::close);
        }
        leaks.awaitNone();
        leaks.awaitOnTheHeapNoMoreThan(before);
    }

    /** Content that is unique over all chunks of all sessions. */
    private static byte[] chunk(int session, int chunk) {
        byte[] pcm = new byte[1_280];
        new Random(1_000L * session + chunk).nextBytes(pcm);
        return pcm;
    }
}
