package dev.livebridge.limits;

import dev.livebridge.message.UsageTotals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Counts in a shared store, and beside it on this instance, whose own counts decide while the shared store does not
 * answer. Knows whether it does.
 */
final class FailoverLimitStore implements LimitStore {

    private static final Logger LOG = Logger.getLogger(FailoverLimitStore.class);

    private final LimitStore shared;
    private final LocalLimitStore local;
    private final boolean localFallback;
    private final Runnable onFailure;
    private final AtomicBoolean available = new AtomicBoolean(true);

    /**
     * Two stores as one.
     *
     * @param localFallback whether new conversations are admitted by this instance's counts while the shared store does
     *     not answer
     * @param onFailure called for each question that it did not answer
     */
    FailoverLimitStore(LimitStore shared, LocalLimitStore local, boolean localFallback, Runnable onFailure) {
        this.shared = shared;
        this.local = local;
        this.localFallback = localFallback;
        this.onFailure = onFailure;
    }

    /** Whether the shared store answered when it was last asked. */
    boolean available() {
        return available.get();
    }

    @Override
    public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
        CompletionStage<LeaseDecision> asked = observed(shared.acquire(lease, reason, buckets));
        if (!localFallback) {
            return asked;
        }
        return asked.thenApply(decision -> {
                    if (decision instanceof LeaseDecision.Granted) {
                        local.hold(lease, buckets);
                    }
                    return decision;
                })
                .exceptionallyCompose(_ -> local.acquire(lease, reason, buckets));
    }

    @Override
    public CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more) {
        return counted(() -> local.report(lease, buckets, more), shared.report(lease, buckets, more));
    }

    @Override
    public CompletionStage<Void> release(Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more) {
        if (localFallback) {
            // Whether or not the shared store answers: the conversation is no longer here.
            var _ = local.release(lease, reason, buckets, more);
        }
        return observed(shared.release(lease, reason, buckets, more));
    }

    @Override
    public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
        CompletionStage<List<BucketUsage>> asked = observed(shared.usage(buckets));
        return localFallback ? asked.exceptionallyCompose(_ -> local.usage(buckets)) : asked;
    }

    @Override
    public CompletionStage<Boolean> redeem(String id, Duration kept) {
        if (!localFallback) {
            return observed(shared.redeem(id, kept));
        }
        // Marked on this instance first, so that it knows its own tickets while the shared store does not answer.
        return local.redeem(id, kept).thenCompose(first -> {
            if (!first) {
                return CompletableFuture.completedStage(false);
            }
            return observed(shared.redeem(id, kept)).exceptionally(_ -> true);
        });
    }

    @Override
    public CompletionStage<Boolean> use(String token, int uses, Duration kept) {
        if (!localFallback) {
            return observed(shared.use(token, uses, kept));
        }
        // Counted on this instance first, so that it knows its own uses while the shared store does not answer.
        return local.use(token, uses, kept).thenCompose(granted -> {
            if (!granted) {
                return CompletableFuture.completedStage(false);
            }
            return observed(shared.use(token, uses, kept)).exceptionally(_ -> true);
        });
    }

    /** What the shared store did not count is told to it again; this instance counts it when it is told. */
    private <T> CompletionStage<T> counted(Supplier<CompletionStage<?>> count, CompletionStage<T> asked) {
        return observed(asked).thenApply(answer -> {
            if (localFallback) {
                CompletionStage<?> _ = count.get();
            }
            return answer;
        });
    }

    private <T> CompletionStage<T> observed(CompletionStage<T> asked) {
        return asked.handle((answer, failure) -> {
                    boolean answers = failure == null;
                    if (available.getAndSet(answers) != answers) {
                        if (answers) {
                            LOG.info("the limit store answers again");
                        } else {
                            LOG.warnf(
                                    "the limit store does not answer: %s; running conversations go on, and new ones %s",
                                    failure.getMessage(),
                                    localFallback ? "are counted on this instance alone" : "are refused");
                        }
                    }
                    if (!answers) {
                        onFailure.run();
                    }
                    return asked;
                })
                .thenCompose(Function.identity());
    }
}
