package dev.livebridge.limits;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.TokenGrant;
import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.config.TokensConfig.UnknownTokens;
import dev.livebridge.limits.LimitStore.AcquireReason;
import dev.livebridge.limits.LimitStore.ReleaseReason;
import dev.livebridge.limits.RedisLimitStore.Settings;
import dev.livebridge.message.UsageTotals;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.runtime.datasource.ReactiveRedisDataSourceImpl;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisAPI;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two instances share a real Redis. */
class RedisLimitStoreTest extends LimitStoreContract {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private static RedisServer server;
    private static Vertx vertx;
    private static Redis client;
    private static ReactiveRedisDataSource redis;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        vertx = Vertx.vertx();
        client = Redis.createClient(
                vertx, new RedisOptions().setConnectionString(server.url()).setMaxPoolWaiting(4_096));
        redis = new ReactiveRedisDataSourceImpl(vertx, client, RedisAPI.api(client));
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> now(store(LEASE).usage(List.of(bucket(LimitScope.ALL, conversations(1)))))
                                .size()
                        == 1);
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        if (vertx != null) {
            vertx.closeAndAwait();
        }
        if (server != null) {
            server.close();
        }
    }

    private static RedisLimitStore store(Duration leaseTime) {
        return new RedisLimitStore(redis, new Settings("livebridge", leaseTime, Duration.ofSeconds(5)));
    }

    @Override
    LimitStore store() {
        return store(LEASE);
    }

    @Test
    void ofAHundredAtTwoInstancesExactlyAsManyEnterAsMay() {
        List<LimitStore> instances = List.of(store(LEASE), store(LEASE));
        List<Bucket> seven = List.of(bucket(LimitScope.SUBJECT, conversations(7)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<LeaseDecision>> asked = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> now(instances
                                    .get(i % 2)
                                    .acquire(lease(UUID.randomUUID().toString()), AcquireReason.START, seven)),
                            threads))
                    .toList();

            assertEquals(
                    7,
                    asked.stream()
                            .map(CompletableFuture::join)
                            .filter(LeaseDecision.Granted.class::isInstance)
                            .count());
        }
    }

    @Test
    void theMarkOfARedeemedTicketExpires() {
        String ticket = UUID.randomUUID().toString();
        LimitStore store = store();
        assertTrue(now(store.redeem(ticket, Duration.ofMillis(300))));

        await().atMost(Duration.ofSeconds(10)).until(() -> now(store.redeem(ticket, Duration.ofMillis(1))));
    }

    @Test
    void ofFiftyStartsWithATokenAtTwoInstancesExactlyAsManyBeginAsThereAreUses() {
        TokenUses one = new TokenUses(store(LEASE), true, UnknownTokens.REFUSE, InstantSource.system());
        TokenUses two = new TokenUses(store(LEASE), true, UnknownTokens.REFUSE, InstantSource.system());
        TokenGrant three = new TokenGrant(
                UUID.randomUUID().toString(), one.instance(), 3, Instant.now().plusSeconds(60), null, List.of());

        assertEquals(3, TokenUsesTest.granted(List.of(one, two), three));
        long millis = redis.execute("PTTL", "{livebridge}:token:" + three.id())
                .await()
                .atMost(Duration.ofSeconds(5))
                .toLong();
        assertTrue(millis > 0 && millis <= 121_000, "kept for " + millis);
    }

    @Test
    void theLeaseOfAnInstanceThatDiedIsOverByItself() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        RedisLimitStore dies = store(Duration.ofMillis(600));
        granted(dies.acquire(lease("orphan"), AcquireReason.START, one));
        RedisLimitStore lives = store(LEASE);
        assertEquals(
                LimitKind.CONVERSATIONS,
                denial(lives.acquire(lease("next"), AcquireReason.START, one)).kind());

        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        now(lives.acquire(lease("next"), AcquireReason.START, one)) instanceof LeaseDecision.Granted);
    }

    @Test
    void aLeaseThatIsRenewedStays() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        RedisLimitStore store = store(Duration.ofMillis(1_500));
        granted(store.acquire(lease("long"), AcquireReason.START, one));
        long begun = System.nanoTime();

        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    now(store.report(lease("long"), one, UsageTotals.NONE));
                    return System.nanoTime() - begun > Duration.ofMillis(3_500).toNanos();
                });

        assertEquals(1, now(store.usage(one)).getFirst().conversations());
    }

    @Test
    void aLateReleaseForAMoveDoesNotShortenTheLeaseOfTheNextSession() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        Lease earlier = new Lease("returns", "earlier");
        Lease next = new Lease("returns", "next");
        LimitStore store = store();
        granted(store.acquire(earlier, AcquireReason.START, one));
        granted(store.acquire(next, AcquireReason.RESUME, one));

        now(store.release(earlier, ReleaseReason.MOVED, one, UsageTotals.NONE));

        long remaining = remainingMillis(one.getFirst(), "returns");
        assertTrue(remaining > RedisLimitStore.MOVE_TIMEOUT.toMillis(), "remaining: " + remaining + " ms");
        now(store.release(next, ReleaseReason.MOVED, one, UsageTotals.NONE));
        long kept = remainingMillis(one.getFirst(), "returns");
        assertTrue(kept > 0 && kept <= RedisLimitStore.MOVE_TIMEOUT.toMillis(), "kept: " + kept + " ms");
    }

    private static long remainingMillis(Bucket bucket, String conversation) {
        String script = "local time = redis.call('TIME')"
                + " return redis.call('ZSCORE', KEYS[1], ARGV[1]) - (time[1] * 1000 + math.floor(time[2] / 1000))";
        return redis.execute("EVAL", script, "1", "{livebridge}:" + bucket.key() + ":leases", conversation)
                .await()
                .atMost(Duration.ofSeconds(5))
                .toLong();
    }

    @Test
    void theLeaseIsKeptWhileAConversationMovesBetweenInstances() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        RedisLimitStore old = store(LEASE);
        RedisLimitStore next = store(LEASE);
        granted(old.acquire(lease("moves"), AcquireReason.START, one));

        now(old.release(lease("moves"), ReleaseReason.MOVED, one, UsageTotals.NONE));

        assertEquals(
                LimitKind.CONVERSATIONS,
                denial(next.acquire(lease("other"), AcquireReason.START, one)).kind());
        granted(next.acquire(lease("moves"), AcquireReason.RESUME, one));
    }

    @Test
    void nothingIsKeptForEver() {
        Bucket bucket = bucket(LimitScope.SUBJECT, new Limits(5, 5, UsageLimit.NONE));
        RedisLimitStore store = store(LEASE);
        granted(store.acquire(lease("kept"), AcquireReason.START, List.of(bucket)));
        now(store.report(lease("kept"), List.of(bucket), new UsageTotals(1, 1, 1)));

        List<String> names = new ArrayList<>();
        redis.execute("KEYS", "*" + bucket.key() + "*")
                .await()
                .atMost(Duration.ofSeconds(5))
                .forEach(name -> names.add(name.toString()));

        assertEquals(3, names.size(), names.toString());
        for (String name : names) {
            long seconds = redis.execute("TTL", name)
                    .await()
                    .atMost(Duration.ofSeconds(5))
                    .toLong();
            assertTrue(seconds > 0 && seconds <= 25 * 3600, name + " lives for " + seconds);
        }
    }

    @Test
    void aRedisThatHasForgottenTheScriptsIsToldThemAgain() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        granted(store().acquire(lease("before"), AcquireReason.START, one));

        redis.execute("SCRIPT", "FLUSH").await().atMost(Duration.ofSeconds(5));

        assertEquals(1, now(store().usage(one)).getFirst().conversations());
    }

    @Test
    void aRedisThatIsKilledFailsInTimeAndOneThatIsBackAnswers() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        try (RedisServer mortal = RedisServer.start()) {
            Redis connection = Redis.createClient(vertx, new RedisOptions().setConnectionString(mortal.url()));
            RedisLimitStore store = new RedisLimitStore(
                    new ReactiveRedisDataSourceImpl(vertx, connection, RedisAPI.api(connection)),
                    new Settings("livebridge", LEASE, Duration.ofSeconds(1)));
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> now(store.acquire(lease("first"), AcquireReason.START, one))
                            instanceof LeaseDecision.Granted);

            mortal.kill();

            CompletionException failure = assertThrows(
                    CompletionException.class, () -> now(store.acquire(lease("second"), AcquireReason.START, one)));
            assertInstanceOf(StoreUnavailableException.class, failure.getCause());
            mortal.restart();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> now(store.report(lease("first"), one, UsageTotals.NONE))
                                    .size()
                            == 1);
            assertEquals(
                    LimitKind.CONVERSATIONS,
                    denial(store.acquire(lease("second"), AcquireReason.START, one))
                            .kind(),
                    "a running conversation counts again as soon as it reports");
            connection.close();
        }
    }
}
