package dev.livebridge.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.AwaitilityDefaults;
import dev.livebridge.hostile.HostileClient.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks that once ended a process of the deployed size, against the packaged service with the deployment's memory: a
 * heap of 256 MiB, 96 MiB of direct memory, an end at the first OutOfMemoryError. After each attack the process lives
 * within the 512 MiB of its container, a conversation that was there before is still answered, and a new one begins.
 * Each attack is bounded in bytes and sockets and runs on 127.0.0.1.
 */
class DeployedSizeIT {

    private static final Logger LOG = Logger.getLogger(DeployedSizeIT.class);
    private static final Duration SOON = Duration.ofSeconds(60);

    /** The memory limit of the container in {@code deploy/base}, in KiB. */
    private static final long CONTAINER_KIB = 512 * 1024;

    private static final String GEMINI_PATH =
            "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    private static final int FUZZ_FRAMES = 100_000;

    private static DeployedProcess service;

    private final List<HostileClient> clients = new ArrayList<>();
    private HostileClient bystander;
    private long sent;

    @BeforeAll
    static void start(@TempDir Path directory) {
        service = DeployedProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void aConversationGoesOn() throws IOException {
        bystander = talking("/live");
    }

    @AfterEach
    void theServiceGoesOn() throws IOException {
        assertTrue(service.isAlive(), service::output);
        answers(bystander);
        for (HostileClient client : clients) {
            client.close();
        }
        await().atMost(SOON)
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> service.activeSessions() == 0);
        answers(talking("/live"));
        for (HostileClient client : clients) {
            client.close();
        }
        long resident = service.residentKib();
        LOG.infof("%d KiB sent, %d KiB resident, at most %d KiB", sent / 1024, resident, service.peakResidentKib());
        assertTrue(service.peakResidentKib() < CONTAINER_KIB, "resident " + service.peakResidentKib() + " KiB");
    }

    // ---- C1, C7, C13: HTTP ---------------------------------------------------------------------------------------

    @Test
    void randomMethodsMakeNoSeries() throws IOException {
        int before = service.metricsBytes();
        Random random = new Random(1);

        for (int batch = 0; batch < 150; batch++) {
            try (HostileClient client = new HostileClient(service.address())) {
                for (int i = 0; i < 100; i++) {
                    String method = letters(random, 2_000);
                    byte[] request = (method + " / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(ISO_8859_1);
                    if (!send(client, request)) {
                        break;
                    }
                }
            }
        }

        assertTrue(service.metricsBytes() < before + 20_000, "the metrics page grew to " + service.metricsBytes());
    }

    @Test
    void bodiesOnTheManagementPortAreNotRead() throws IOException {
        byte[] body = new byte[9_000_000];
        List<HostileClient> open = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            HostileClient client = new HostileClient(service.managementAddress());
            open.add(client);
            send(
                    client,
                    ("POST /q/livebridge/handover HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(ISO_8859_1));
        }
        for (HostileClient client : open) {
            send(client, body);
            client.close();
        }
    }

    // ---- C2, C6: setups ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 60_000})
    void setupsFullOfUnknownMembersKeepNothing(int bytes) throws IOException {
        StringBuilder members = new StringBuilder();
        for (int i = 0; members.length() < bytes; i++) {
            members.append("\"u").append(i).append("\":{},");
        }
        String setup = "{\"setup\":{\"tools\":[{" + members + "\"googleSearch\":{}}]}}";

        for (int i = 0; i < 40; i++) {
            send(open("/live"), text(setup));
        }
        settle();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 60_000})
    void longInstructionsAreBounded(int bytes) throws IOException {
        String setup = "{\"setup\":{\"systemInstruction\":{\"parts\":[{\"text\":\"" + "x".repeat(bytes) + "\"}]}}}";

        for (int i = 0; i < 120; i++) {
            send(open("/live"), text(setup));
        }
        settle();
    }

    // ---- C3, C9: what the gateway answers ------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"ping\":{\"t\":1}}", "{\"setup\":{}}", "{\"beacon\":{\"turn\":-1}}", "[1]"})
    void answersThatAreNotReadAreBounded(String frame) throws IOException {
        HostileClient client = talking("/live");
        byte[] many = repeated(text(frame), 1_000);

        for (int i = 0; i < 1_400 && send(client, many); i++) {
            // As long as the service takes them.
        }
    }

    // ---- C4, C5: messages ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"/live", GEMINI_PATH})
    void unfinishedMessagesAreBounded(String path) throws IOException {
        byte[] fragment = FrameBytes.frame(false, HostileClient.CONTINUATION, new byte[256_000]);

        for (int i = 0; i < 58; i++) {
            HostileClient client = i % 2 == 0 ? open(path) : talking(path);
            send(client, FrameBytes.frame(false, HostileClient.TEXT, new byte[] {'{'}));
            for (int j = 0; j < 16 && send(client, fragment); j++) {
                // Up to 4 MB a socket.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", GEMINI_PATH})
    void turnsWithoutAnEndAreBounded(String path) throws IOException {
        byte[] turns = text("{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\""
                + "y".repeat(1_000_000) + "\"}]}]}}");

        for (int i = 0; i < 9; i++) {
            HostileClient client = talking(path);
            for (int j = 0; j < 16 && send(client, turns); j++) {
                // Up to 16 MB a socket.
            }
        }
        settle();
    }

    // ---- C10: pings ----------------------------------------------------------------------------------------------

    @Test
    void pongsThatAreNotReadAreBounded() throws IOException {
        byte[] pings = repeated(FrameBytes.frame(true, HostileClient.PING, new byte[125]), 1_000);

        for (int i = 0; i < 4; i++) {
            HostileClient client = talking("/live");
            for (int j = 0; j < 185 && send(client, pings); j++) {
                // Up to 24 MB a socket.
            }
        }
    }

    // ---- fuzz ----------------------------------------------------------------------------------------------------

    @Test
    void randomFramesEndNothingButTheirOwnConversation() throws IOException {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        LOG.infof("fuzz seed %d (-Dfuzz.seed)", seed);
        Random random = new Random(seed);
        FuzzFrames frames = new FuzzFrames(random);
        String[] paths = {"/", "/live", GEMINI_PATH};
        int written = 0;

        for (int connection = 0; written < FUZZ_FRAMES; connection++) {
            try (HostileClient client = new HostileClient(service.address())) {
                upgrade(client, paths[connection % paths.length]);
                client.send("{\"setup\":{}}");
                int burst = 200 + random.nextInt(400);
                for (int i = 0; i < burst && written < FUZZ_FRAMES; i++) {
                    if (!client.tryWrite(frames.next())) {
                        break;
                    }
                    written++;
                }
            }
        }

        LOG.infof("%d random frames", written);
        assertEquals(
                List.of(),
                service.output()
                        .lines()
                        .filter(line -> line.contains("\"level\":\"ERROR\"") || line.contains(" ERROR "))
                        .toList());
    }

    @Test
    void strangersDoNotFillTheLog() throws IOException {
        int before = service.output().length();

        for (int i = 0; i < 1_000; i++) {
            try (HostileClient client = new HostileClient(service.address())) {
                upgrade(client, "/live");
            }
        }

        await().atMost(SOON)
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> service.activeSessions() <= 1);
        assertTrue(
                service.output().length() - before < 40_000,
                () -> service.output().substring(before));
    }

    // ---- clients -------------------------------------------------------------------------------------------------

    private HostileClient open(String path) throws IOException {
        HostileClient client = new HostileClient(service.address(), 4_096);
        clients.add(client);
        upgrade(client, path);
        return client;
    }

    private static int upgrade(HostileClient client, String path) throws IOException {
        // As a page of the service's own.
        return client.upgrade(path, "Origin: http://127.0.0.1");
    }

    private HostileClient talking(String path) throws IOException {
        HostileClient client = new HostileClient(service.address());
        clients.add(client);
        assertEquals(101, upgrade(client, path));
        client.send("{\"setup\":{}}");
        assertNotNull(client.read(SOON));
        return client;
    }

    /** A ping of {@code /live} gets its pong, even if other messages wait to be decoded. */
    private static void answers(HostileClient client) throws IOException {
        client.send("{\"ping\":{\"t\":77}}");
        for (int i = 0; i < 1_000; i++) {
            Frame frame = client.read(SOON);
            assertNotNull(frame, "the conversation of a bystander was ended");
            if (frame.text().contains("\"pong\"")) {
                return;
            }
        }
        throw new AssertionError("no pong among a thousand frames");
    }

    private boolean send(HostileClient client, byte[] bytes) {
        boolean taken = client.tryWrite(bytes);
        if (taken) {
            sent += bytes.length;
        }
        return taken;
    }

    /** Waits until the service has read all input, so that the sessions' memory is final. */
    private void settle() throws IOException {
        answers(talking("/live"));
    }

    private static byte[] text(String message) {
        return FrameBytes.frame(true, HostileClient.TEXT, message.getBytes(UTF_8));
    }

    private static byte[] repeated(byte[] frame, int times) {
        byte[] all = new byte[frame.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(frame, 0, all, i * frame.length, frame.length);
        }
        return all;
    }

    private static String letters(Random random, int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append((char) ('A' + random.nextInt(26)));
        }
        return letters.toString();
    }
}
