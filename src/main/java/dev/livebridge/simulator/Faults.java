package dev.livebridge.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Faults waiting for the next connections, first come first served, and the way to let one happen now. Safe to use from
 * any thread.
 */
public final class Faults {

    private final Queue<List<Fault>> scripts = new ConcurrentLinkedQueue<>();
    private final Set<Target> targets = ConcurrentHashMap.newKeySet();

    /**
     * A session that faults can happen to.
     *
     * @param instruction its system instruction
     * @param happen lets one happen; may be called from any thread
     */
    record Target(String instruction, Consumer<Fault.Event> happen) {}

    Faults() {}

    /** One script: the next connection without a script of its own has all of these faults. */
    public void next(Fault... faults) {
        scripts.add(List.of(faults));
    }

    /**
     * Lets something happen to every open session whose system instruction contains these words; its own moment does
     * not count.
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
