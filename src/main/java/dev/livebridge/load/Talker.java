package dev.livebridge.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.http.WebSocketClient;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A simulated person and its connection, on one event loop. */
final class Talker extends AbstractVerticle {

    private static final int BYTES_PER_MILLI = 32;

    private final int number;
    private final WebSocketClient client;
    private final LoadOptions options;
    private final ChunkScheduler scheduler;
    private final ScoreBoard board;
    private final Person person;
    private volatile boolean settled;
    private volatile boolean finishing;
    private volatile @Nullable TalkerConnection connection;

    Talker(int number, WebSocketClient client, LoadOptions options, ChunkScheduler scheduler, ScoreBoard board) {
        this.number = number;
        this.client = client;
        this.options = options;
        this.scheduler = scheduler;
        this.board = board;
        this.person = person();
    }

    private Person person() {
        TalkerSettings talkerSettings = options.talkerSettings();
        if (talkerSettings.isIdle(number)) {
            return new IdlePerson();
        }
        return switch (options.exercise()) {
            case TALK -> new TalkingPerson(number, talkerSettings, board);
            case ECHO -> new EchoingPerson(number, talkerSettings.chunkMillisOf(number) * BYTES_PER_MILLI, board);
        };
    }

    @Override
    public void start() {
        String instruction = options.exercise() == Exercise.ECHO ? EchoingPerson.INSTRUCTION : "";
        TalkerConnection opened = new TalkerConnection(
                vertx,
                client,
                options,
                instruction,
                person,
                board,
                new SplittableRandom(options.talkerSettings().seed() + number),
                TalkerConnection.SETUP_TIMEOUT_MS);
        connection = opened;
        opened.open();
        if (person instanceof IdlePerson) {
            return;
        }
        long period = TimeUnit.MILLISECONDS.toNanos(options.talkerSettings().chunkMillisOf(number));
        scheduler.every(period, due -> context.runOnContext(now -> tick(opened, due)));
    }

    private void tick(TalkerConnection opened, long dueNanos) {
        byte[] pcm = person.chunk(dueNanos);
        if (pcm != null) {
            opened.send(pcm, dueNanos);
        }
        settled = finishing && person.isSettled();
    }

    /** Starts no new turn from now on. */
    void finish() {
        context.runOnContext(now -> {
            person.finish();
            finishing = true;
        });
    }

    /** Whether all expected answers have arrived, after {@link #finish}. */
    boolean isSettled() {
        return settled || person instanceof IdlePerson;
    }

    boolean isReady() {
        TalkerConnection opened = connection;
        return opened != null && opened.isReady();
    }

    /** Why it could not connect; empty when it could. */
    String lastFailure() {
        TalkerConnection opened = connection;
        return opened == null ? "" : opened.lastFailure();
    }

    /** Ends the conversation; runs on the event loop when the talker is undeployed. */
    @Override
    public void stop() {
        TalkerConnection opened = connection;
        person.giveUp();
        if (opened != null) {
            opened.end();
        }
    }
}
