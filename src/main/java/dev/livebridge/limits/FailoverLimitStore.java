package dev.livebridge.limits;

import dev.livebridge.message.UsageTotals;
import java.util.List;
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
    private final LocalLimitStore own;
    private final boolean decidesAlone;
    private final Runnable onFailure;
    private final AtomicBoolean available = new AtomicBoolean(true);

    /**
     * Two stores as one.
     *
     * @param decidesAlone whether new conversations are admitted by this instance's counts while the shared store does
     *     not answer
     * @param onFailure called for each question that it did not answer
     */
    FailoverLimitStore(LimitStore shared, LocalLimitStore own, boolean decidesAlone, Runnable onFailure) {
        this.shared = shared;
        this.own = own;
        this.decidesAlone = decidesAlone;
        this.onFailure = onFailure;
    }

    /** Whether the shared store answered when it was last asked. */
    boolean available() {
        return available.get();
    }

    @Override
    public CompletionStage<Verdict> enter(String conversation, Entry entry, List<Bucket> buckets) {
        CompletionStage<Verdict> asked = watched(shared.enter(conversation, entry, buckets));
        if (!decidesAlone) {
            return asked;
        }
        return asked.thenApply(verdict -> {
                    if (verdict instanceof Verdict.Granted) {
                        var _ = own.report(conversation, buckets, UsageTotals.NONE);
                    }
                    return verdict;
                })
                .exceptionallyCompose(_ -> own.enter(conversation, entry, buckets));
    }

    @Override
    public CompletionStage<List<UsageTotals>> report(String conversation, List<Bucket> buckets, UsageTotals more) {
        return mirrored(() -> own.report(conversation, buckets, more), shared.report(conversation, buckets, more));
    }

    @Override
    public CompletionStage<Void> leave(String conversation, Exit exit, List<Bucket> buckets, UsageTotals more) {
        if (decidesAlone) {
            // Whether or not the shared store answers: the conversation is no longer here.
            var _ = own.leave(conversation, exit, buckets, more);
        }
        return watched(shared.leave(conversation, exit, buckets, more));
    }

    @Override
    public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
        CompletionStage<List<BucketUsage>> asked = watched(shared.usage(buckets));
        return decidesAlone ? asked.exceptionallyCompose(_ -> own.usage(buckets)) : asked;
    }

    /** What the shared store did not count is told to it again; this instance counts it when it is told. */
    private <T> CompletionStage<T> mirrored(Supplier<CompletionStage<?>> counted, CompletionStage<T> asked) {
        return watched(asked).thenApply(answer -> {
            if (decidesAlone) {
                CompletionStage<?> _ = counted.get();
            }
            return answer;
        });
    }

    private <T> CompletionStage<T> watched(CompletionStage<T> asked) {
        return asked.handle((answer, failure) -> {
                    boolean answers = failure == null;
                    if (available.getAndSet(answers) != answers) {
                        if (answers) {
                            LOG.info("the limit store answers again");
                        } else {
                            LOG.warnf(
                                    "the limit store does not answer: %s; running conversations go on, and new ones %s",
                                    failure.getMessage(),
                                    decidesAlone ? "are counted on this instance alone" : "are refused");
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
