package dev.livebridge.limits;

import dev.livebridge.telemetry.TokenPrice;
import java.time.Duration;

/** What the budgets of a process share. */
interface BudgetServices {

    /** What a model's tokens cost; a model without prices costs as much as the dearest. */
    TokenPrice price(String model);

    /** Time until the counters of the day are reset. */
    Duration untilTomorrow();

    /** Time between two reports of a conversation that says nothing new. */
    long renewalNanos();

    /** A conversation has no place. */
    void denied(Denial denial);

    /** A client is warned. */
    void warned(LimitScope scope);
}
