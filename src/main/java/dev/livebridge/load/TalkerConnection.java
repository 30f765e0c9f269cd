package dev.livebridge.load;

import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A talker's connection to the service, over successive sockets: it reconnects on {@code migrate}, resumes with its
 * newest token when a socket breaks, and starts a new conversation when that fails. All methods run on one event loop.
 */
final class TalkerConnection {

    /** Time limit until the service sends {@code ready}. */
    static final long SETUP_TIMEOUT_MS = 20_000;

    /** Time without a connection after which a conversation counts as lost. */
    private static final long RESUME_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long FIRST_BACKOFF_MS = 100;
    private static final long MAX_BACKOFF_MS = 3_000;

    /** Spreads the reconnects of many talkers. */
    private static final int JITTER_MS = 50;

    /** Maximum number of chunks that wait while there is no connection: a few seconds. */
    private static final int BACKLOG_CHUNKS = 250;

    private static final int NORMAL_CLOSURE = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int BAD_DATA = 1007;
    private static final int POLICY_VIOLATION = 1008;
    private static final int FIRST_APPLICATION_CODE = 4000;

    /** Not 1000, which would end the conversation: the talker resumes it with the token. */
    private static final int SETUP_TIMEOUT_CODE = 4000;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final URI target;
    private final DialectName dialect;
    private final String instruction;
    private final Person person;
    private final ScoreBoard board;
    private final SplittableRandom random;
    private final long setupTimeoutMillis;
    private final Queue<byte[]> backlog = new ArrayDeque<>();

    private @Nullable Connection current;
    private @Nullable String token;
    private boolean connecting;
    private boolean inConversation;
    private boolean ended;
    private int failures;
    private long disconnectedAt;
    private volatile boolean ready;
    private volatile String lastFailure = "";

    TalkerConnection(
            Vertx vertx,
            WebSocketClient client,
            LoadOptions options,
            String instruction,
            Person person,
            ScoreBoard board,
            SplittableRandom random,
            long setupTimeoutMillis) {
        this.vertx = vertx;
        this.client = client;
        this.target = options.target();
        this.dialect = options.dialect();
        this.instruction = instruction;
        this.person = person;
        this.board = board;
        this.random = random;
        this.setupTimeoutMillis = setupTimeoutMillis;
    }

    /** One socket and its dialect. */
    private static final class Connection {

        private final WebSocket socket;
        private final ClientDialect dialect;
        private final long connectStartedAt;
        private final @Nullable String resumes;
        private boolean over;

        Connection(WebSocket socket, ClientDialect dialect, long connectStartedAt, @Nullable String resumes) {
            this.socket = socket;
            this.dialect = dialect;
            this.connectStartedAt = connectStartedAt;
            this.resumes = resumes;
        }

        void write(Frame frame) {
            switch (frame) {
                case Frame.Text(String text) -> socket.writeTextMessage(text);
                case Frame.Binary(byte[] data) -> socket.writeBinaryMessage(Buffer.buffer(data));
            }
        }

        void close(int code) {
            over = true;
            if (!socket.isClosed()) {
                socket.close((short) code);
            }
        }
    }

    /** Whether the conversation has a ready connection. Thread-safe. */
    boolean isReady() {
        return ready;
    }

    /** Why the newest attempt failed; empty when none did. Thread-safe. */
    String lastFailure() {
        return lastFailure;
    }

    /** Connects for the first time. */
    void open() {
        connect();
    }

    /** Sends a chunk, or keeps it until the connection is back. */
    void send(byte[] pcm, long dueNanos) {
        Connection connection = current;
        if (connection == null || !ready) {
            if (inConversation && backlog.size() < BACKLOG_CHUNKS) {
                backlog.add(pcm);
            }
            return;
        }
        connection.write(connection.dialect.sound(pcm));
        board.current().count(Count.CHUNKS_SENT);
        board.current().time(Timing.LATENESS, System.nanoTime() - dueNanos);
    }

    /** Ends the conversation on purpose. */
    void end() {
        ended = true;
        ready = false;
        if (current != null) {
            current.close(NORMAL_CLOSURE);
        }
    }

    private void connect() {
        connecting = true;
        ClientDialect wire = dialect.open();
        String resumes = token;
        long connectStartedAt = System.nanoTime();
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(target.getHost())
                .setPort(port())
                .setSsl(target.getScheme().equals("wss"))
                .setURI(resumes == null ? wire.path() : wire.resumptionPath())
                // Pages of the service send it; in production, clients without it are refused by default.
                .addHeader("Origin", origin());
        options.setTimeout(setupTimeoutMillis);
        client.connect(options).onComplete(result -> {
            if (result.failed()) {
                if (result.cause() instanceof UpgradeRejectedException refused && refused.getStatus() >= 500) {
                    board.current().count(Count.UPGRADES_REFUSED);
                }
                onConnectFailed(String.valueOf(result.cause().getMessage()));
            } else {
                onOpened(new Connection(result.result(), wire, connectStartedAt, resumes));
            }
        });
    }

    private String origin() {
        return (target.getScheme().equals("wss") ? "https" : "http") + "://" + target.getHost() + ":" + port();
    }

    private int port() {
        return target.getPort() > 0 ? target.getPort() : target.getScheme().equals("wss") ? 443 : 80;
    }

    private void onOpened(Connection connection) {
        if (ended) {
            connection.close(NORMAL_CLOSURE);
            return;
        }
        ClientDialect wire = connection.dialect;
        connection.socket.textMessageHandler(
                text -> wire.decode(text).forEach(message -> onServiceMessage(connection, message)));
        connection.socket.binaryMessageHandler(
                data -> wire.decode(data.getBytes()).forEach(message -> onServiceMessage(connection, message)));
        connection.socket.exceptionHandler(failure -> lastFailure = String.valueOf(failure.getMessage()));
        connection.socket.closeHandler(_ -> onClosed(connection));
        Frame resume = connection.resumes == null ? null : wire.resume(connection.resumes);
        connection.write(resume == null ? wire.setup(instruction) : resume);
        if (wire.sendsReady()) {
            vertx.setTimer(setupTimeoutMillis, late -> {
                if (current != connection && !connection.over) {
                    connection.close(SETUP_TIMEOUT_CODE);
                    onConnectFailed("not greeted within " + setupTimeoutMillis + " ms");
                }
            });
        } else {
            onReady(connection, new ServiceMessage.Ready(false, false));
        }
    }

    private void onServiceMessage(Connection connection, ServiceMessage message) {
        if (ended || connection.over) {
            return;
        }
        switch (message) {
            case ServiceMessage.Ready answer -> onReady(connection, answer);
            case ServiceMessage.Token(String newest) -> token = newest;
            case ServiceMessage.Migrate(String newest) -> migrate(connection, newest);
            case ServiceMessage.Problem(String code, boolean _) -> {
                lastFailure = code;
                board.current().count(Count.PROBLEMS);
            }
            case ServiceMessage.Sound _, ServiceMessage.Interrupted _, ServiceMessage.TurnComplete _ ->
                person.onServiceMessage(message);
            case ServiceMessage.Nothing _ -> {}
        }
    }

    /** Keeps receiving on the old connection until the new one is ready, but no longer sends on it. */
    private void migrate(Connection connection, String newest) {
        token = newest;
        if (connection == current && !connecting) {
            disconnectedAt = System.nanoTime();
            ready = false;
            connect();
        }
    }

    private void onReady(Connection connection, ServiceMessage.Ready answer) {
        Connection before = current;
        if (before == connection) {
            return;
        }
        connecting = false;
        failures = 0;
        long now = System.nanoTime();
        Scores scores = board.current();
        boolean goesOn = inConversation && connection.resumes != null && answer.resumed();
        if (before != null) {
            person.onDisconnected();
            before.close(NORMAL_CLOSURE);
        }
        current = connection;
        if (goesOn) {
            scores.count(Count.RECONNECTED);
            scores.time(Timing.GAP, now - disconnectedAt);
            if (answer.rebuilt()) {
                scores.count(Count.REBUILT);
            }
        } else {
            if (inConversation) {
                onConversationLost(
                        connection.resumes == null ? lastFailure : "a new conversation began instead of the old one");
            }
            scores.count(Count.CONVERSATIONS);
            if (connection.dialect.sendsReady()) {
                scores.time(Timing.SETUP, now - connection.connectStartedAt);
            }
        }
        inConversation = true;
        ready = true;
        person.onReady(!goesOn);
        for (byte[] pcm = backlog.poll(); pcm != null; pcm = backlog.poll()) {
            connection.write(connection.dialect.sound(pcm));
            scores.count(Count.CHUNKS_SENT);
        }
    }

    private void onClosed(Connection connection) {
        if (ended || connection.over) {
            return;
        }
        connection.over = true;
        Short status = connection.socket.closeStatusCode();
        int code = status == null ? 1006 : status;
        if (connection != current) {
            String why = "closed with " + code + " before it was ready";
            if (connection.resumes != null && !mayResume(code)) {
                giveUpResuming(why + ": " + lastFailure);
            }
            onConnectFailed(why);
            return;
        }
        current = null;
        person.onDisconnected();
        if (connecting) {
            // After migrate: the new connection is being opened.
            return;
        }
        if (ready) {
            ready = false;
            disconnectedAt = System.nanoTime();
        }
        if (token == null || !mayResume(code)) {
            giveUpResuming("closed with " + code + (token == null ? " before there was a token" : ""));
        }
        vertx.setTimer(1 + random.nextInt(JITTER_MS), soon -> reconnect());
    }

    /** Codes after which a resumption is pointless (docs/errors.md); other codes may be a restart or the network. */
    private static boolean mayResume(int code) {
        return code != NORMAL_CLOSURE
                && code != PROTOCOL_ERROR
                && code != BAD_DATA
                && code != POLICY_VIOLATION
                && code < FIRST_APPLICATION_CODE;
    }

    private void onConnectFailed(String why) {
        connecting = false;
        if (ended) {
            return;
        }
        lastFailure = why;
        board.current().count(Count.CONNECT_FAILURES);
        if (inConversation && System.nanoTime() - disconnectedAt > RESUME_TIMEOUT_NANOS) {
            giveUpResuming("no connection for too long: " + why);
        }
        long backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures++, 10));
        vertx.setTimer(backoff / 2 + 1 + random.nextLong(backoff), later -> reconnect());
    }

    private void reconnect() {
        if (!ended && !connecting && !ready) {
            connect();
        }
    }

    private void giveUpResuming(String why) {
        token = null;
        if (inConversation) {
            inConversation = false;
            onConversationLost(why);
        }
    }

    private void onConversationLost(String why) {
        backlog.clear();
        board.current().conversationLost(why);
        person.onConversationLost();
    }
}
