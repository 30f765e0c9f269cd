package dev.livebridge.limits;

import dev.livebridge.message.UsageTotals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where conversations and what they use are counted. Each method is one decision: what it reads and what it writes
 * can't be separated by another.
 *
 * <p>A conversation holds a lease in each of its buckets. A lease ends by {@link #release}, or, where instances share a
 * store, some time after the last {@link #report}.
 *
 * <p>Stages complete on any thread; they fail with {@link StoreUnavailableException} when the store does not answer.
 */
interface LimitStore {

    /** How a conversation asks for a place. */
    enum AcquireReason {
        /** It begins: it needs a free lease, a start, and something left of the day. */
        START,
        /** It goes on here: it needs a lease, which it may hold already. */
        RESUME
    }

    /** How a conversation gives its place back. */
    enum ReleaseReason {
        /** It is over. */
        ENDED,
        /** It goes on at another instance, which takes the lease over. */
        MOVED
    }

    /** Asks for a lease in each bucket: all of them, or none. */
    CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets);

    /**
     * Counts what a conversation has used and renews its leases.
     *
     * @param more since the last report
     * @return what was used today, of each bucket
     */
    CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more);

    /** Counts the rest of what a conversation has used and gives its leases back. */
    CompletionStage<Void> release(Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more);

    /** Reads what was used, of each bucket. */
    CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets);

    /**
     * Marks a ticket as redeemed.
     *
     * @param id of the ticket
     * @param kept time for which the mark is kept
     * @return whether the ticket was not redeemed before
     */
    CompletionStage<Boolean> redeem(String id, Duration kept);

    /**
     * Counts one use of an ephemeral token.
     *
     * @param token its id
     * @param uses that it has in all, at least 1
     * @param kept time for which its uses must be remembered
     * @return whether it had a use left
     */
    CompletionStage<Boolean> use(String token, int uses, Duration kept);
}
