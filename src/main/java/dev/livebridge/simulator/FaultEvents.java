package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.config.SimulatorConfig;
import dev.livebridge.simulator.Fault.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The timed events of a connection: the regular {@code goAway}, and faults. */
final class FaultEvents {

    private final Connection connection;
    private final FaultPlan faults;
    private final Timers timers;
    private final List<Fault.Event> byMessageCount = new ArrayList<>();

    FaultEvents(Connection connection, FaultPlan faults, Timers timers) {
        this.connection = connection;
        this.faults = faults;
        this.timers = timers;
    }

    /**
     * Faults in place of {@code setupComplete}.
     *
     * @return whether there was one
     */
    boolean beforeSetupComplete() {
        List<Fault.Event> due = faults.events().stream()
                .filter(event -> event.moment() instanceof Moment.BeforeSetupComplete)
                .toList();
        due.forEach(this::happen);
        return !due.isEmpty();
    }

    /** The session is live: starts every clock. */
    void live(SimulatorConfig config) {
        timers.after(config.goAwayAfter().toMillis(), () -> goAway(config.goAwayTimeLeft()));
        for (Fault.Event event : faults.events()) {
            switch (event.moment()) {
                case Moment.BeforeSetupComplete ignored -> {}
                case Moment.AfterSetupComplete after -> {
                    if (after.delay().isZero()) {
                        happen(event);
                    } else {
                        timers.after(after.delay().toMillis(), () -> happen(event));
                    }
                }
                case Moment.AfterMessages ignored -> byMessageCount.add(event);
            }
        }
        faults.first(Fault.EmptyMessages.class)
                .ifPresent(empty -> timers.every(
                        empty.every().toMillis(), () -> connection.outbox().send(Wire.object())));
        faults.first(Fault.ResumptionUpdates.class)
                .ifPresent(updates -> timers.every(
                        updates.every().toMillis(),
                        () -> connection
                                .outbox()
                                .send(ServerMessages.resumable(UUID.randomUUID().toString()))));
    }

    /** @param count client messages since the setup */
    void messages(long count) {
        for (Fault.Event event : List.copyOf(byMessageCount)) {
            if (event.moment() instanceof Moment.AfterMessages(int wanted) && count >= wanted) {
                byMessageCount.remove(event);
                happen(event);
            }
        }
    }

    /** Triggers a fault now. */
    void happen(Fault.Event event) {
        switch (event) {
            case Fault.Close close -> connection.close(close.code(), close.reason());
            case Fault.Drop ignored -> RawChannel.of(connection.socket()).drop();
            case Fault.Stall ignored -> RawChannel.of(connection.socket()).stopReading();
            case Fault.GoAway goAway -> goAway(goAway.timeLeft());
            case Fault.HugeMessage huge -> connection.outbox().send(spoken(huge.bytes()));
        }
    }

    private void goAway(Duration timeLeft) {
        boolean fraction = faults.has(Fault.FractionalDurations.class);
        long whole = timeLeft.toSeconds() * 1000;
        connection.outbox().send(ServerMessages.goAway(fraction ? whole + 500 : whole));
        timers.after(
                timeLeft.toMillis(), () -> connection.close(1011, "Deadline expired before operation could complete."));
    }

    /** Quiet audio whose message has about so many bytes. */
    private static ObjectNode spoken(int bytes) {
        ObjectNode message = Wire.object();
        ServerMessages.addAudio(message, new byte[bytes / 8 * 6]);
        return message;
    }
}
