package dev.livebridge.simulator;

import java.util.List;
import java.util.Optional;

/** The faults of one connection. */
record FaultPlan(List<Fault> faults) {

    static final FaultPlan NONE = new FaultPlan(List.of());

    /** The first fault of a kind. */
    <F extends Fault> Optional<F> first(Class<F> kind) {
        return faults.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    boolean has(Class<? extends Fault> kind) {
        return faults.stream().anyMatch(kind::isInstance);
    }

    /** Those that happen once. */
    List<Fault.Event> events() {
        return faults.stream()
                .filter(Fault.Event.class::isInstance)
                .map(Fault.Event.class::cast)
                .toList();
    }
}
