package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.config.SimulatorConfig;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One socket from its upgrade to its end: first the setup, then all other messages. All code runs on the simulator's
 * event loop.
 */
final class Connection {

    private static final Logger LOG = Logger.getLogger(Connection.class);

    private final ServerWebSocket socket;
    private final LivePath path;
    private final Credential credential;
    private final Surroundings around;
    private final ClientMessageReader reader;
    private final ConnectionStatistics statistics;
    private final Timers timers;
    private final Outbox outbox;
    private final FaultPlan faults;
    private final FaultEvents faultEvents;
    private final List<ObjectNode> early = new ArrayList<>();

    private boolean setupSeen;
    private boolean closing;
    private @Nullable Session session;
    private Faults.@Nullable Target target;

    /** What all connections share. */
    record Surroundings(
            Vertx vertx,
            SimulatorConfig config,
            Answers answers,
            ResumptionHandles handles,
            AuthTokens tokens,
            Faults faults,
            SimulatorStatistics statistics) {}

    Connection(ServerWebSocket socket, LivePath path, Credential credential, FaultPlan faults, Surroundings around) {
        this.socket = socket;
        this.path = path;
        this.credential = credential;
        this.faults = faults;
        this.around = around;
        this.reader = new ClientMessageReader(around.config().strict());
        this.statistics = around.statistics().opened();
        this.timers = new Timers(around.vertx());
        this.outbox = new Outbox(socket, faults);
        this.faultEvents = new FaultEvents(this, faults, timers);
    }

    /** Begins to listen. */
    void open() {
        socket.textMessageHandler(this::received);
        socket.binaryMessageHandler(message -> received(message.toString()));
        socket.exceptionHandler(failure -> LOG.debugf(failure, "socket failed"));
        socket.closeHandler(ignored -> closed());
    }

    /** Sends a close frame; nothing is read or sent after it. */
    void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        timers.stop();
        LOG.debugf("closing with %d %s", code, reason);
        socket.close((short) code, reason);
    }

    ServerWebSocket socket() {
        return socket;
    }

    Outbox outbox() {
        return outbox;
    }

    Timers timers() {
        return timers;
    }

    private void closed() {
        timers.stop();
        if (target != null) {
            around.faults().ended(target);
        }
        Short code = socket.closeStatusCode();
        statistics.closed(code == null ? 1006 : code, socket.closeReason());
        around.statistics().closed();
    }

    private void received(String text) {
        if (closing) {
            return;
        }
        try {
            long count = statistics.countMessage();
            ObjectNode message = reader.read(text);
            if (setupSeen == message.has("setup")) {
                throw RefusedException.invalid("setup must be the first message and only the first");
            }
            if (!setupSeen) {
                setup(message.withObject("setup"));
            } else if (session == null) {
                early.add(message);
            } else {
                session.accept(message);
                faultEvents.messages(count - 1);
            }
        } catch (RefusedException e) {
            close(e.code(), e.reason());
        } catch (RuntimeException failure) {
            LOG.error("a message could not be handled", failure);
            close(1011, "Internal error encountered.");
        }
    }

    private void setup(ObjectNode sent) {
        setupSeen = true;
        credential.check(path);
        ObjectNode node = applyToken(sent);
        Model model = new SetupRules(path).check(node);
        SessionSetup setup = SessionSetup.of(node, model);
        History history = new History();
        boolean foreignHandle = false;
        String handle = setup.handle();
        if (handle != null) {
            ResumptionHandles.Snapshot snapshot = around.handles().find(handle);
            history = faults.has(Fault.LostPrefill.class)
                    ? snapshot.history().withoutPrefill()
                    : snapshot.history().copy();
            foreignHandle = !snapshot.model().equals(model);
        }
        if (faults.has(Fault.SwallowedSetup.class)
                || SetupRules.swallows(model, node)
                || faultEvents.beforeSetupComplete()) {
            return;
        }
        Session next = new Session(setup, history, statistics, outbox, timers, faults, around);
        boolean refuseSoon = foreignHandle;
        Faults.Target faultTarget = faultTarget(setup);
        timers.after(around.config().setupDelay().toMillis(), () -> live(next, faultTarget, refuseSoon));
    }

    /** Called on the event loop; all changes to the connection happen there. */
    private Faults.Target faultTarget(SessionSetup setup) {
        Context loop = around.vertx().getOrCreateContext();
        return new Faults.Target(
                setup.instruction(),
                event -> loop.runOnContext(ignored -> {
                    if (!closing && !socket.isClosed()) {
                        faultEvents.happen(event);
                    }
                }));
    }

    /** A token may carry a setup of its own, and it ends the session when it expires. */
    private ObjectNode applyToken(ObjectNode setup) {
        String name = credential.secret();
        if (name == null || !credential.isToken()) {
            return setup;
        }
        boolean resuming = setup.at("/sessionResumption/handle").isTextual();
        AuthTokens.Token token = around.tokens().use(name, resuming);
        timers.after(around.tokens().untilExpiry(token).toMillis(), () -> close(1011, "auth token has expired"));
        ObjectNode applied = token.apply(setup);
        if (!applied.has("model")) {
            applied.set("model", setup.path("model"));
        }
        return applied;
    }

    private void live(Session next, Faults.Target faultTarget, boolean refuseSoon) {
        session = next;
        target = faultTarget;
        around.faults().began(faultTarget);
        outbox.send(ServerMessages.setupComplete());
        if (refuseSoon) {
            // A handle of another model is not noticed before the session is used (gemini-live-api.md section 1).
            timers.after(1, () -> close(1011, "Internal error occurred."));
            return;
        }
        faultEvents.live(around.config());
        try {
            next.begin();
            for (ObjectNode message : early) {
                next.accept(message);
            }
            early.clear();
            faultEvents.messages(statistics.messages() - 1);
        } catch (RefusedException e) {
            close(e.code(), e.reason());
        }
    }
}
