package dev.livebridge.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Storage of the usage of callers. */
public interface LimitsConfig {

    /**
     * {@code local}: each instance counts by itself, so the limits apply per instance. {@code redis}: all instances
     * count together, in the Redis of {@code quarkus.redis.hosts}.
     */
    @WithDefault("local")
    LimitStoreKind store();

    /**
     * Treatment of new conversations while Redis is unreachable: {@code refuse-new} refuses them with 503,
     * {@code local} counts them on this instance only. Running conversations continue.
     */
    @WithDefault("refuse-new")
    StoreFailure onStoreFailure();

    /**
     * Time after which Redis forgets a conversation whose instance is dead. An instance renews it three times as often.
     */
    @WithDefault("30s")
    Duration lease();

    /** Time limit for an answer of Redis. */
    @WithDefault("1s")
    Duration storeTimeout();

    /** File that contains the password of Redis; read at the start. */
    Optional<Path> redisPasswordFile();

    /** Prefix of all names in Redis, for services that share one. */
    @WithDefault("livebridge")
    String redisPrefix();

    /** Storage of the usage. */
    enum LimitStoreKind {
        LOCAL,
        REDIS
    }

    /** Treatment of new conversations while the storage is unreachable. */
    enum StoreFailure {
        REFUSE_NEW,
        LOCAL
    }
}
