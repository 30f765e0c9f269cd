package dev.livebridge.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Faults waiting for the next connections, first come first served. Safe to use from any thread. */
public final class Faults {

    private final Queue<List<Fault>> scripts = new ConcurrentLinkedQueue<>();

    Faults() {}

    /** One script: the next connection without a script of its own has all of these faults. */
    public void next(Fault... faults) {
        scripts.add(List.of(faults));
    }

    /** Forgets the scripts that no connection has taken. */
    public void clear() {
        scripts.clear();
    }

    /** The plan of a connection that was dialled with these {@code fault} query parameters. */
    FaultPlan plan(List<String> parameters) {
        List<Fault> script = scripts.poll();
        if (script == null && parameters.isEmpty()) {
            return FaultPlan.NONE;
        }
        List<Fault> faults = new ArrayList<>(script == null ? List.of() : script);
        parameters.forEach(parameter -> faults.add(FaultText.parse(parameter)));
        return new FaultPlan(List.copyOf(faults));
    }
}
