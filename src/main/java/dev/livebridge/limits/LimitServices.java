package dev.livebridge.limits;

import dev.livebridge.access.RedeemedTickets;
import dev.livebridge.config.LimitsConfig;
import dev.livebridge.config.LimitsConfig.LimitStoreKind;
import dev.livebridge.config.LimitsConfig.StoreFailure;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.telemetry.LimitMeters;
import dev.livebridge.telemetry.TokenPrice;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** What the budgets of this process share: the store that is configured, prices, clock and meters. */
@Singleton
class LimitServices implements BudgetServices, RedeemedTickets {

    private static final Logger LOG = Logger.getLogger(LimitServices.class);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final Duration MIN_LEASE = Duration.ofSeconds(3);

    private final InstantSource clock = InstantSource.system();
    private final Map<String, TokenPrice> prices = new HashMap<>();
    private final TokenPrice dearest;
    private final LimitMeters meters;
    private final Duration renewal;
    private final LimitStore store;
    private final boolean shared;

    /**
     * Chooses the store.
     *
     * @param redis resolved only when it is chosen
     * @throws ConfigurationException with one sentence that says what to set
     */
    @Inject
    LimitServices(
            LivebridgeConfig config,
            @ConfigProperty(name = "quarkus.redis.hosts") Optional<String> hosts,
            Instance<ReactiveRedisDataSource> redis,
            LimitMeters meters) {
        this.meters = meters;
        config.prices().forEach((model, price) -> prices.put(model, TokenPrice.of(price)));
        this.dearest = prices.values().stream().reduce(TokenPrice.NONE, TokenPrice::orDearer);
        for (LimitScope scope : LimitScope.values()) {
            meters.expectWarnings(scope.label());
        }
        LimitsConfig limits = config.limits();
        check("lease", limits.lease(), MIN_LEASE);
        check("store-timeout", limits.storeTimeout(), Duration.ofMillis(1));
        this.renewal = limits.lease().dividedBy(RENEWALS_PER_LEASE);
        LocalLimitStore local = new LocalLimitStore(clock);
        this.shared = limits.store() == LimitStoreKind.REDIS;
        this.store = shared ? shared(config, hosts, redis, local) : local;
        if (limits.store() == LimitStoreKind.LOCAL && LaunchMode.current() == LaunchMode.NORMAL) {
            LOG.info("livebridge.limits.store is local: each instance counts the limits of callers on its own, and a"
                    + " ticket can be redeemed once at each instance");
        }
    }

    private LimitStore shared(
            LivebridgeConfig config,
            Optional<String> hosts,
            Instance<ReactiveRedisDataSource> redis,
            LocalLimitStore local) {
        LimitsConfig limits = config.limits();
        if (hosts.isEmpty()) {
            throw new ConfigurationException(
                    "livebridge.limits.store is redis, but nothing says where it is: set QUARKUS_REDIS_HOSTS.");
        }
        if (config.access().subjectSaltFile().isEmpty()) {
            throw new ConfigurationException("livebridge.limits.store is redis, but each instance would know callers by"
                    + " other names: set LIVEBRIDGE_ACCESS_SUBJECT_SALT_FILE, the same on all.");
        }
        FailoverLimitStore both = new FailoverLimitStore(
                new RedisLimitStore(
                        redis.get(),
                        new RedisLimitStore.Settings(limits.redisPrefix(), limits.lease(), limits.storeTimeout())),
                local,
                limits.onStoreFailure() == StoreFailure.LOCAL,
                meters::storeFailed);
        meters.observeStore(both::available);
        return both;
    }

    private static void check(String setting, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new ConfigurationException(
                    "livebridge.limits." + setting + " must be " + least.toMillis() + " ms or more.");
        }
    }

    LimitStore store() {
        return store;
    }

    @Override
    public CompletionStage<Boolean> redeem(String id, Duration kept) {
        return store.redeem(id, kept);
    }

    /** Whether all instances count together. */
    boolean shared() {
        return shared;
    }

    /** A model without a price costs as much as the dearest one, or a limit of money could be evaded. */
    @Override
    public TokenPrice price(String model) {
        return prices.getOrDefault(model, dearest);
    }

    @Override
    public Duration untilTomorrow() {
        return LocalLimitStore.untilTomorrow(clock.instant());
    }

    @Override
    public long renewalNanos() {
        return renewal.toNanos();
    }

    @Override
    public void denied(Denial denial) {
        meters.denied(denial.scope().label(), denial.kind().label());
    }

    @Override
    public void warned(LimitScope scope) {
        meters.warned(scope.label());
    }
}
