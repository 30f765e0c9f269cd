package dev.livebridge.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.load.MovingService.Move;
import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A talker keeps its conversation as a good client does, and says so when it can't. */
class ReconnectTest {

    /** {@code ready} over loopback takes milliseconds. */
    private static final long SHORT_PATIENCE_MS = 700;

    private final ScoreBoard board = new ScoreBoard();
    private final ChunkScheduler scheduler = new ChunkScheduler();
    private Vertx vertx;
    private WebSocketClient client;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        client = vertx.createWebSocketClient();
    }

    @AfterEach
    void stop() {
        scheduler.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @EnumSource(
            value = Move.class,
            names = {"MIGRATES", "RESTARTS", "DROPS"})
    void aConversationThatIsSentElsewhereGoesOnWithTheNewestToken(Move move) throws BadUsageException {
        try (MovingService service = new MovingService(vertx, move)) {
            talkTo(service);

            await().until(() -> scores().of(Count.RECONNECTED) >= 2 && scores().of(Count.ANSWERS_WHOLE) >= 2);

            Scores scores = scores();
            assertEquals(1, scores.of(Count.CONVERSATIONS));
            assertEquals(0, scores.of(Count.CONVERSATIONS_LOST));
            assertEquals(0, scores.of(Count.ANSWERS_CUT));
            assertEquals(scores.of(Count.RECONNECTED), scores.of(Timing.GAP).getTotalCount());
            assertTrue(service.firstMessages().getFirst().contains("\"setup\""));
            String newest = move == Move.MIGRATES ? "token-2" : "token-1";
            assertEquals(
                    "{\"resume\":{\"token\":\"" + newest + "\"}}",
                    service.firstMessages().get(1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FORGETS | a new conversation began instead of the old one",
                "REFUSES | closed with 1008 before it was ready: bad_token",
                "FORBIDS | closed with 1008"
            })
    void aConversationThatCanNotGoOnIsLostAndAnotherBegins(Move move, String why) throws BadUsageException {
        try (MovingService service = new MovingService(vertx, move)) {
            talkTo(service);

            await().until(() -> scores().of(Count.CONVERSATIONS) >= 2);

            assertTrue(scores().of(Count.CONVERSATIONS_LOST) >= 1);
            assertEquals(0, scores().of(Count.RECONNECTED));
            assertEquals(Set.of(why), scores().losses().keySet());
        }
    }

    @Test
    void aTalkerWithoutReadyResumesWithTheSameToken() throws BadUsageException {
        try (MovingService service = new MovingService(vertx, Move.KEEPS_SILENT)) {
            LoadOptions options = CommandLine.parse("--target", service.url());
            TalkerConnection connection = new TalkerConnection(
                    vertx, client, options, "", new IdlePerson(), board, new SplittableRandom(1), SHORT_PATIENCE_MS);
            vertx.runOnContext(_ -> connection.open());

            await().until(() -> scores().of(Count.RECONNECTED) == 1);

            assertEquals(1, scores().of(Count.CONVERSATIONS));
            assertEquals(0, scores().of(Count.CONVERSATIONS_LOST));
            assertEquals(1, scores().of(Count.CONNECT_FAILURES));
            assertEquals(
                    List.of("{\"resume\":{\"token\":\"token-1\"}}", "{\"resume\":{\"token\":\"token-1\"}}"),
                    service.firstMessages().subList(1, 3));
        }
    }

    @Test
    void anAnswerThatIsNotAllThatWasSaidIsCut() throws BadUsageException {
        try (MovingService service = new MovingService(vertx, Move.CUTS)) {
            talkTo(service);

            await().until(() -> scores().of(Count.ANSWERS_CUT) >= 1);

            assertEquals(0, scores().of(Count.ANSWERS_WHOLE));
        }
    }

    private void talkTo(MovingService service) throws BadUsageException {
        LoadOptions options = CommandLine.parse(
                "--target", service.url(), "--speech", "200ms", "--think", "100ms", "--barge-in", "0", "--chunk", "20");
        vertx.deployVerticle(new Talker(0, client, options, scheduler, board));
    }

    private Scores scores() {
        return board.total();
    }
}
