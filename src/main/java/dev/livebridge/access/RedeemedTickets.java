package dev.livebridge.access;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The tickets that have been redeemed: at this instance, or at all instances that share a store. */
public interface RedeemedTickets {

    /**
     * Marks a ticket as redeemed.
     *
     * @param id of the ticket
     * @param kept time for which the mark is kept
     * @return whether the ticket was not redeemed before; fails if the store does not answer or is full. The stage may
     *     complete on any thread
     */
    CompletionStage<Boolean> redeem(String id, Duration kept);
}
