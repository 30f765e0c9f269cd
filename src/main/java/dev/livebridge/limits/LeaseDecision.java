package dev.livebridge.limits;

import dev.livebridge.message.UsageTotals;
import java.util.List;

/** What a store says about a conversation that wants a place. */
sealed interface LeaseDecision {

    /**
     * It has one.
     *
     * @param today what was used today, of each bucket in the order of the question
     */
    record Granted(List<UsageTotals> today) implements LeaseDecision {
        public Granted {
            today = List.copyOf(today);
        }
    }

    /**
     * It has none, and nothing was counted.
     *
     * @param denial why
     */
    record Denied(Denial denial) implements LeaseDecision {}
}
