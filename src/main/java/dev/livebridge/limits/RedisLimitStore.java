package dev.livebridge.limits;

import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.UsageTotals;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts in a Redis that all instances share, with one {@linkplain RedisScript script} a decision. All names share one
 * hash slot, so a cluster keeps them on one node.
 */
final class RedisLimitStore implements LimitStore {

    /** Time in which the client of a conversation that moves arrives at another instance. */
    static final Duration MOVE_TIMEOUT = Duration.ofSeconds(15);

    private static final int SUMS = 3;

    private final ReactiveRedisDataSource redis;
    private final Settings settings;

    /**
     * How it is used.
     *
     * @param prefix beginning of all names
     * @param leaseTime time after which a conversation that is not renewed no longer counts
     * @param timeout for one answer
     */
    record Settings(String prefix, Duration leaseTime, Duration timeout) {}

    RedisLimitStore(ReactiveRedisDataSource redis, Settings settings) {
        this.redis = redis;
        this.settings = settings;
    }

    @Override
    public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
        List<String> arguments = new ArrayList<>(List.of(
                lease.conversation(),
                lease.holder(),
                millis(settings.leaseTime()),
                switch (reason) {
                    case START -> "begin";
                    case RESUME -> "continue";
                }));
        for (Bucket bucket : buckets) {
            Limits limits = bucket.limits();
            UsageLimit day = limits.perDay();
            arguments.add(text(limits.conversations()));
            arguments.add(text(limits.startsPerMinute()));
            arguments.add(day.time() == null ? "" : millis(day.time()));
            arguments.add(text(day.tokens()));
            arguments.add(text(day.microUsd()));
        }
        return run(RedisScript.ACQUIRE, keys(lease, buckets), arguments, answer -> decision(answer, buckets));
    }

    private static LeaseDecision decision(Response answer, List<Bucket> buckets) {
        if (answer.get(0).toInteger() == 1) {
            return new LeaseDecision.Granted(sums(answer, 1, buckets.size()));
        }
        Bucket bucket = buckets.get(answer.get(1).toInteger());
        long wait = answer.get(3).toLong();
        return new LeaseDecision.Denied(new Denial(
                bucket.scope(),
                LimitKind.valueOf(answer.get(2).toString()),
                wait < 0 ? null : Duration.ofMillis(wait)));
    }

    @Override
    public CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more) {
        return run(
                RedisScript.REPORT,
                keys(lease, buckets),
                used(lease, settings.leaseTime(), more),
                answer -> sums(answer, 0, buckets.size()));
    }

    @Override
    public CompletionStage<Void> release(Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more) {
        Duration kept = switch (reason) {
            case ENDED -> Duration.ZERO;
            case MOVED -> MOVE_TIMEOUT;
        };
        return run(RedisScript.RELEASE, keys(lease, buckets), used(lease, kept, more), answer -> answer)
                .thenAccept(_ -> {});
    }

    @Override
    public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
        return run(RedisScript.USAGE, buckets.stream().map(this::name).toList(), List.of(), answer -> {
            List<BucketUsage> usages = new ArrayList<>();
            for (int i = 0; i < buckets.size(); i++) {
                int at = i * (SUMS + 2);
                usages.add(new BucketUsage(
                        answer.get(at).toInteger(), answer.get(at + 1).toInteger(), sum(answer, at + 2)));
            }
            return usages;
        });
    }

    /** {@code SET NX PX}: Redis answers null if the name exists. */
    @Override
    public CompletionStage<Boolean> redeem(String id, Duration kept) {
        Uni<Boolean> set = redis.execute(
                        "SET", "{" + settings.prefix() + "}:ticket:" + id, "1", "NX", "PX", millis(kept))
                .map(answer -> answer != null);
        return answered(set, isNew -> isNew);
    }

    @Override
    public CompletionStage<Boolean> use(String token, int uses, Duration kept) {
        return run(
                RedisScript.USE,
                List.of("{" + settings.prefix() + "}:token:" + token),
                List.of(Integer.toString(uses), millis(kept)),
                answer -> answer.toInteger() == 1);
    }

    private List<String> used(Lease lease, Duration kept, UsageTotals more) {
        return List.of(
                lease.conversation(),
                lease.holder(),
                millis(kept),
                Long.toString(more.millis()),
                Long.toString(more.tokens()),
                Long.toString(more.microUsd()));
    }

    private List<String> keys(Lease lease, List<Bucket> buckets) {
        List<String> keys = new ArrayList<>();
        keys.add("{" + settings.prefix() + "}:owner:" + lease.conversation());
        buckets.forEach(bucket -> keys.add(name(bucket)));
        return keys;
    }

    private String name(Bucket bucket) {
        return "{" + settings.prefix() + "}:" + bucket.key();
    }

    private static List<UsageTotals> sums(Response answer, int from, int buckets) {
        List<UsageTotals> sums = new ArrayList<>();
        for (int i = 0; i < buckets; i++) {
            sums.add(sum(answer, from + i * SUMS));
        }
        return sums;
    }

    private static UsageTotals sum(Response answer, int at) {
        return new UsageTotals(
                answer.get(at).toLong(),
                answer.get(at + 1).toLong(),
                answer.get(at + 2).toLong());
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }

    private static String text(@Nullable Number number) {
        return number == null ? "" : number.toString();
    }

    /** Redis loses its scripts at a restart; the text of the script is then sent again. */
    private <T extends @Nullable Object> CompletionStage<T> run(
            RedisScript script, List<String> keys, List<String> arguments, Function<Response, T> reader) {
        return answered(
                ask("EVALSHA", script.sha1(), keys, arguments)
                        .onFailure(RedisLimitStore::isUnknownScript)
                        .recoverWithUni(() -> ask("EVAL", script.text(), keys, arguments)),
                reader);
    }

    private <R, T extends @Nullable Object> CompletionStage<T> answered(Uni<R> asked, Function<R, T> reader) {
        return asked.ifNoItem()
                .after(settings.timeout())
                .fail()
                .subscribeAsCompletionStage()
                .thenApply(reader)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(new StoreUnavailableException(
                        failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : failure)));
    }

    private Uni<Response> ask(String command, String script, List<String> keys, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(script);
        words.add(Integer.toString(keys.size()));
        words.addAll(keys);
        words.addAll(arguments);
        return redis.execute(command, words.toArray(String[]::new));
    }

    private static boolean isUnknownScript(Throwable failure) {
        String message = failure.getMessage();
        return message != null && message.startsWith("NOSCRIPT");
    }
}
