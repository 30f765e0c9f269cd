package dev.livebridge.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Faults for the next connections, in order, and a way to trigger one now. Thread-safe. */
public final class Faults {

    private final Queue<List<Fault>> scripts = new ConcurrentLinkedQueue<>();
    private final Set<Target> targets = ConcurrentHashMap.newKeySet();

    /**
     * A session in which faults can be triggered.
     *
     * @param instruction its system instruction
     * @param happen triggers one; thread-safe
     */
    record Target(String instruction, Consumer<Fault.Event> happen) {}

    Faults() {}

    /** One script: the next connection without a script of its own has all of these faults. */
    public void next(Fault... faults) {
        scripts.add(List.of(faults));
    }

    /**
     * Triggers a fault now in every open session whose system instruction contains these words; the moment of the fault
     * is ignored.
     *
     * @return to how many
     */
    public int now(String words, Fault.Event event) {
        List<Target> hit = targets.stream()
                .filter(target -> target.instruction().contains(words))
                .toList();
        hit.forEach(target -> target.happen().accept(event));
        return hit.size();
    }

    /** A session is live. */
    void began(Target target) {
        targets.add(target);
    }

    /** A session is over. */
    void ended(Target target) {
        targets.remove(target);
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
