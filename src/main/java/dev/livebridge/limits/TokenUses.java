package dev.livebridge.limits;

import dev.livebridge.access.TokenGrant;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.TokensConfig.UnknownTokens;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Decides whether an ephemeral token begins one more conversation. Its uses are counted by its id: with Redis on all
 * instances together, else on the instance that issued it.
 *
 * <p>Thread-safe.
 */
@Singleton
public final class TokenUses {

    private static final Logger LOG = Logger.getLogger(TokenUses.class);

    /** A store that does not answer within its own timeout fails; this is longer. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);

    /** Clocks of instances differ by no more than this. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(60);

    private final String instance = UUID.randomUUID().toString();
    private final LimitStore store;
    private final boolean shared;
    private final UnknownTokens onUnknown;
    private final InstantSource clock;

    @Inject
    TokenUses(LimitServices services, LivebridgeConfig config) {
        this(services.store(), services.shared(), config.tokens().onUnknown(), InstantSource.system());
    }

    /**
     * Uses on another clock.
     *
     * @param shared whether all instances count in this store
     */
    TokenUses(LimitStore store, boolean shared, UnknownTokens onUnknown, InstantSource clock) {
        this.store = store;
        this.shared = shared;
        this.onUnknown = onUnknown;
        this.clock = clock;
    }

    /** The answer to a token. */
    public enum Answer {
        /** The conversation begins, and counts. */
        GRANTED,
        /** The time to begin conversations is over. */
        TOO_LATE,
        /** The token has no use left. */
        USED_UP,
        /** Another instance counts the uses, or this one before a restart. */
        UNKNOWN,
        /** The store does not answer. */
        UNAVAILABLE
    }

    /** The id of this instance, for the tokens that it issues. */
    public String instance() {
        return instance;
    }

    /** Counts one conversation that begins. Blocks until the store has answered. */
    public Answer use(TokenGrant grant) {
        Instant now = clock.instant();
        if (!now.isBefore(grant.startsUntil())) {
            return Answer.TOO_LATE;
        }
        if (grant.uses() == 0) {
            return Answer.GRANTED;
        }
        if (!shared && onUnknown == UnknownTokens.REFUSE && !grant.issuer().equals(instance)) {
            return Answer.UNKNOWN;
        }
        Duration kept = Duration.between(now, grant.startsUntil()).plus(CLOCK_DIFFERENCE);
        return answer(store.use(grant.id(), grant.uses(), kept));
    }

    private static Answer answer(CompletionStage<Boolean> asked) {
        CompletableFuture<Boolean> future = asked.toCompletableFuture();
        try {
            return future.get(STORE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) ? Answer.GRANTED : Answer.USED_UP;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf("the uses of an ephemeral token can't be counted: %s", e.toString());
            return Answer.UNAVAILABLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.UNAVAILABLE;
        }
    }
}
