package dev.livebridge.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.HostileClient.Frame;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile clients against a service with fifty sessions: the service keeps its limits and closes their connections. */
@QuarkusTest
@Tag("slow")
@TestProfile(HostileClientsTest.FiftySeats.class)
class HostileClientsTest {

    private static final int SEATS = 50;
    private static final int SETUP_BYTES = 73_728;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SETUP = "{\"setup\":{}}";

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionRegistry sessions;

    @Inject
    Meters meters;

    @Inject
    MeterRegistry registry;

    private final List<HostileClient> clients = new ArrayList<>();

    /** A small service with a short ping interval. */
    public static class FiftySeats implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.session.max-per-instance", Integer.toString(SEATS),
                    "livebridge.session.max-awaiting-setup", "50",
                    "livebridge.session.setup-timeout", "4s",
                    "livebridge.session.resume-grace", "1s",
                    "livebridge.session.ping-interval", "1s");
        }
    }

    private HostileClient open(String path) throws IOException {
        HostileClient client = HostileClient.open(server, path);
        clients.add(client);
        return client;
    }

    /** A client of {@code /live} with a running session. */
    private HostileClient talking() throws IOException {
        HostileClient client = open("/live");
        client.send(SETUP);
        Frame ready = client.read(SOON);
        assertNotNull(ready);
        assertTrue(ready.text().contains("\"ready\""), ready.text());
        return client;
    }

    private double ended(String cause) {
        return meters.sessions().snapshot().ended().getOrDefault(cause, 0L);
    }

    private static Frame closeOf(List<Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.opcode() == HostileClient.CLOSE)
                .findFirst()
                .orElseThrow(() -> new AssertionError("closed without a close frame"));
    }

    private static boolean tells(List<Frame> frames, String word) {
        return frames.stream()
                .anyMatch(frame -> frame.opcode() == HostileClient.TEXT
                        && frame.text().contains("\"error\"")
                        && frame.text().contains(word));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (HostileClient client : clients) {
            client.close();
        }
        await().atMost(SOON).until(() -> sessions.active() == 0 && sessions.awaitingSetup() == 0);
        assertTrue(sessions.refusal().isEmpty());
    }

    // ---- C4: unfinished messages -----------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/live", "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"})
    void beforeTheSetupNoUnfinishedMessageGrows(String path) throws IOException {
        double before = ended("message_too_big");
        HostileClient client = open(path);
        byte[] fragment = new byte[8_192];

        client.write(FrameBytes.frame(false, HostileClient.TEXT, fragment));
        long sent = fragment.length;
        while (sent < 4_000_000 && client.tryWrite(FrameBytes.frame(false, HostileClient.CONTINUATION, fragment))) {
            sent += fragment.length;
        }

        Frame close = closeOf(client.readToEnd(SOON));
        assertEquals(1009, close.closeCode(), close.closeReason());
        assertTrue(close.closeReason().contains(Integer.toString(SETUP_BYTES)), close.closeReason());
        assertEquals(before + 1, ended("message_too_big"));
    }

    @Test
    void aFrameThatAnnouncesTooMuchIsRefusedBeforeItsPayload() throws IOException {
        HostileClient client = talking();

        client.write(FrameBytes.header(true, HostileClient.TEXT, 1_048_577));

        assertEquals(1009, closeOf(client.readToEnd(SOON)).closeCode());
    }

    @Test
    void fragmentsOfAMessageCountTogether() throws IOException {
        HostileClient client = talking();
        byte[] fragment = new byte[100_000];

        client.write(FrameBytes.frame(false, HostileClient.TEXT, fragment));
        for (int i = 0; i < 9; i++) {
            client.write(FrameBytes.frame(false, HostileClient.CONTINUATION, fragment));
        }
        client.write(FrameBytes.header(false, HostileClient.CONTINUATION, fragment.length));

        assertEquals(1009, closeOf(client.readToEnd(SOON)).closeCode());
    }

    @Test
    void halfAMessageIsOnTheAccountUntilItsSenderIsGone() throws IOException {
        HostileClient client = talking();
        double before = kept();

        client.write(FrameBytes.header(true, HostileClient.TEXT, 1_000_000));
        client.write(new byte[500_000]);
        await().atMost(SOON).until(() -> kept() - before >= 490_000);
        client.close();

        await().atMost(SOON).until(() -> kept() == 0);
    }

    private double kept() {
        return registry.get(Metric.QUEUE_BYTES.id()).gauge().value();
    }

    @Test
    void aSetupThatNeverEndsEndsWithItsTime() throws IOException {
        HostileClient client = open("/live");
        client.write(FrameBytes.frame(false, HostileClient.TEXT, new byte[] {'{'}));
        long begun = System.nanoTime();

        // One byte after another, in one frame that is never complete
        client.write(FrameBytes.header(true, HostileClient.CONTINUATION, 10_000));
        for (int i = 0; i < 200 && client.tryWrite(new byte[] {' '}); i++) {
            try {
                Frame frame = client.read(Duration.ofMillis(100));
                if (frame == null || frame.opcode() == HostileClient.CLOSE) {
                    break;
                }
            } catch (SocketTimeoutException e) {
                // The next byte goes out.
            }
        }

        client.readToEnd(Duration.ofSeconds(10));
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(20).toNanos());
    }

    @Test
    void aSetupInManyPiecesIsRefused() throws IOException {
        HostileClient client = open("/live");

        client.write(FrameBytes.frame(false, HostileClient.TEXT, new byte[] {'{'}));
        for (int i = 0; i < 16; i++) {
            client.write(FrameBytes.frame(false, HostileClient.CONTINUATION, new byte[] {' '}));
        }

        assertEquals(1007, closeOf(client.readToEnd(SOON)).closeCode());
    }

    @Test
    void dataThatComesWithTheUpgradeRequestEndsTheConnection() throws IOException {
        HostileClient client = new HostileClient(server);
        clients.add(client);
        byte[] request = HostileClient.upgradeRequest("/live");
        byte[] header = FrameBytes.header(true, HostileClient.TEXT, 4_000_000);
        byte[] both = Arrays.copyOf(request, request.length + header.length);
        System.arraycopy(header, 0, both, request.length, header.length);

        client.write(both);
        assertEquals(101, client.readAnswer());
        client.write(FrameBytes.frame(true, HostileClient.TEXT, new byte[100]));

        assertEquals(1007, closeOf(client.readToEnd(SOON)).closeCode());
    }

    // ---- C10: pings ----------------------------------------------------------------------------------------------

    @Test
    void aStormOfPingsEndsTheConnection() throws IOException {
        double before = ended("rate_limit");
        HostileClient client = talking();
        byte[] ping = FrameBytes.frame(true, HostileClient.PING, new byte[125]);

        int sent = 0;
        while (sent < 200_000 && client.tryWrite(ping)) {
            sent++;
        }

        await().atMost(SOON).until(() -> ended("rate_limit") == before + 1);
    }

    @Test
    void thePersonWhoPingsTooOftenIsToldWhy() throws IOException {
        HostileClient client = talking();
        for (int i = 0; i < 30; i++) {
            client.write(FrameBytes.frame(true, HostileClient.PING, new byte[] {1}));
        }

        List<Frame> frames = client.readToEnd(SOON);

        assertEquals(1008, closeOf(frames).closeCode());
        assertTrue(tells(frames, "rate_limit"));
        assertTrue(frames.stream()
                        .filter(frame -> frame.opcode() == HostileClient.PONG)
                        .count()
                <= 30);
    }

    // ---- rates -----------------------------------------------------------------------------------------------

    @Test
    void aFloodOfSmallMessagesIsAnsweredAndThenEnded() throws IOException {
        HostileClient client = talking();
        byte[] message = FrameBytes.frame(true, HostileClient.TEXT, "{}".getBytes(UTF_8));
        byte[] thousand = new byte[message.length * 1_000];
        for (int i = 0; i < 1_000; i++) {
            System.arraycopy(message, 0, thousand, i * message.length, message.length);
        }

        int written = 0;
        while (written < 100 && client.tryWrite(thousand)) {
            written++;
        }

        List<Frame> frames = client.readToEnd(SOON);
        assertEquals(1008, closeOf(frames).closeCode());
        assertTrue(tells(frames, "if this continues"), "a warning precedes the end");
    }

    // ---- B2: one frame, many messages ----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"65, mediaChunks", "15_000, mediaChunks", "24_384, too many values"})
    void manyChunksInOneFrameAreRefused(String chunks, String reason) throws IOException {
        HostileClient client = talking();
        String chunk = "{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}";
        int count = Integer.parseInt(chunks.replace("_", ""));

        client.send("{\"realtimeInput\":{\"mediaChunks\":[" + (chunk + ",").repeat(count - 1) + chunk + "]}}");

        Frame answer = client.read(SOON);
        while (answer != null && !answer.text().contains("\"error\"")) {
            answer = client.read(SOON);
        }
        assertNotNull(answer);
        assertTrue(answer.text().contains(reason), answer.text());
    }

    @Test
    void picturesAreThinnedOutAndTheClientIsToldOnce() throws IOException {
        HostileClient client = talking();
        byte[] picture = new byte[200];
        picture[0] = 2;
        picture[8] = (byte) 0xFF;
        picture[9] = (byte) 0xD8;
        picture[10] = (byte) 0xFF;
        double dropped = thinnedOut();

        for (int i = 0; i < 138; i++) {
            client.write(FrameBytes.frame(true, HostileClient.BINARY, picture));
        }

        await().atMost(SOON).until(() -> thinnedOut() - dropped >= 134);
        client.write(FrameBytes.frame(true, HostileClient.CLOSE, new byte[] {3, (byte) 0xE8}));
        long told = client.readToEnd(SOON).stream()
                .filter(frame ->
                        frame.opcode() == HostileClient.TEXT && frame.text().contains("too_many_pictures"))
                .count();
        assertEquals(1, told);
    }

    private double thinnedOut() {
        return registry.get(Metric.RELAY_DROPPED.id())
                .tag("reason", "thinned_out")
                .tag("kind", "video")
                .tag("direction", "up")
                .counter()
                .count();
    }

    // ---- A7: sessions --------------------------------------------------------------------------------------------

    @Test
    void ofManyParallelUpgradesExactlyAsManyGetInAsThereAreSeats()
            throws InterruptedException, ExecutionException, IOException {
        CyclicBarrier start = new CyclicBarrier(120);
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                HostileClient client = new HostileClient(server);
                clients.add(client);
                all.add(threads.submit(() -> {
                    start.await();
                    int status = client.upgrade("/live");
                    if (status == 101) {
                        client.send(SETUP);
                    } else {
                        assertEquals("5", client.header("Retry-After"));
                    }
                    return status;
                }));
            }
            for (Future<Integer> each : all) {
                answers.add(each.get());
            }
        }

        assertEquals(SEATS, answers.stream().filter(status -> status == 101).count());
        assertEquals(70, answers.stream().filter(status -> status == 503).count());
        // A session begins after the response to its upgrade.
        await().atMost(SOON).until(() -> sessions.active() == SEATS);
    }

    @Test
    void silentStrangersDoNotKeepOthersOut() throws IOException {
        for (int i = 0; i < SEATS; i++) {
            open("/live");
        }
        await().atMost(SOON).until(() -> sessions.awaitingSetup() == SEATS);
        long begun = System.nanoTime();

        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
            HostileClient newcomer = new HostileClient(server);
            clients.add(newcomer);
            if (newcomer.upgrade("/live") != 101) {
                return false;
            }
            newcomer.send(SETUP);
            Frame ready = newcomer.read(SOON);
            return ready != null && ready.text().contains("\"ready\"");
        });

        assertTrue(
                System.nanoTime() - begun < Duration.ofMillis(3_900).toNanos() || sessions.awaitingSetup() < SEATS,
                "before the idle connections time out");
    }

    @Test
    void anUpgradeThatFailsGivesItsSeatBack() throws IOException {
        for (int i = 0; i < 2 * SEATS; i++) {
            try (HostileClient client = new HostileClient(server)) {
                byte[] request = HostileClient.upgradeRequest("/live");
                client.write(new String(request, ISO_8859_1)
                        .replace("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 99")
                        .getBytes(ISO_8859_1));
                assertEquals(426, client.readAnswer());
                // The connection is good for a proper request afterwards
                assertEquals(101, client.upgrade("/live"));
            }
        }
        await().atMost(SOON).until(() -> sessions.awaitingSetup() == 0);
    }

    @Test
    void aClientThatIsGoneBeforeTheAnswerGivesItsSeatBack() throws IOException {
        for (int i = 0; i < 3 * SEATS; i++) {
            try (HostileClient client = new HostileClient(server)) {
                client.write(HostileClient.upgradeRequest("/live"));
            }
        }
        await().atMost(SOON).until(() -> sessions.awaitingSetup() == 0 && sessions.active() == 0);
    }

    // ---- F8: half-open connections -------------------------------------------------------------------------------

    @Test
    void aClientThatStopsAnsweringIsLost() throws IOException {
        double before = ended("client_lost");
        HostileClient client = talking();

        // It reads, so that nothing waits for it, but answers no ping
        List<Frame> frames = client.readToEnd(SOON);

        assertTrue(frames.stream().anyMatch(frame -> frame.opcode() == HostileClient.PING));
        await().atMost(SOON).until(() -> ended("client_lost") == before + 1);
    }
}
