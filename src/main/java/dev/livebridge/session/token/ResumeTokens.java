package dev.livebridge.session.token;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.resumption.ResumeToken.Purpose;
import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.memory.ConversationMemory;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Seals and opens the tokens of all sessions of this instance. */
@Singleton
public class ResumeTokens {

    private static final Logger LOG = Logger.getLogger(ResumeTokens.class);
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** A request is sent at once; the rest allows for clocks that differ. */
    private static final Duration REQUEST_LIFETIME = Duration.ofMinutes(1);

    private final TokenSealer sealer;
    private final Duration lifetime;
    private final @Nullable URI address;
    private final InstantSource clock;

    /**
     * Tokens with the system's clock.
     *
     * @throws ConfigurationException when the lifetime or the address is invalid
     */
    @Inject
    public ResumeTokens(TokenSealer sealer, LivebridgeConfig config) {
        this(
                sealer,
                config.resumption().tokenLifetime(),
                config.instance().address().orElse(null),
                InstantSource.system());
        boolean shared = config.resumption().keys().isPresent()
                || config.resumption().keysFile().isPresent();
        if (shared && address == null && LaunchMode.current() == LaunchMode.NORMAL) {
            LOG.warn(
                    "livebridge.instance.address is not set: another instance that is given a token can't ask this one to"
                            + " release the session, and both may have a connection for a while");
        }
    }

    public ResumeTokens(TokenSealer sealer, Duration lifetime, @Nullable URI address, InstantSource clock) {
        if (lifetime.compareTo(Duration.ofSeconds(3)) < 0) {
            throw new ConfigurationException("livebridge.resumption.token-lifetime must be 3 seconds or more.");
        }
        if (address != null && !isAddress(address)) {
            throw new ConfigurationException(
                    "livebridge.instance.address must be http(s)://host:port of the management port, without a path.");
        }
        this.sealer = sealer;
        this.lifetime = lifetime;
        this.address = address;
        this.clock = clock;
    }

    private static boolean isAddress(URI uri) {
        return uri.getScheme() != null
                && SCHEMES.contains(uri.getScheme())
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
    }

    /** How long a token is valid. */
    public Duration lifetime() {
        return lifetime;
    }

    /** Where other instances reach this one; {@code null} when {@code livebridge.instance.address} is not set. */
    @Nullable
    public URI address() {
        return address;
    }

    /** The wall clock. */
    public Instant now() {
        return clock.instant();
    }

    /**
     * Seals the memory of a conversation.
     *
     * @param purpose {@code RESUME} for the client, {@code STATE} for another instance
     * @param owner who may use the token
     * @param snapshot the memory; without a model nothing is sealed
     * @param traceparent of the session's span, {@code null} without tracing
     * @return nothing when the model is not known, or the setup is too large for a token
     */
    Optional<String> seal(
            Purpose purpose,
            String sessionId,
            long sequence,
            Instant begun,
            TokenOwner owner,
            ConversationMemory.Snapshot snapshot,
            @Nullable String traceparent,
            UsageTotals spent) {
        String model = snapshot.model();
        if (model == null) {
            return Optional.empty();
        }
        Instant now = now();
        return sealer.seal(new ResumeToken(
                purpose,
                sessionId,
                sequence,
                now,
                now.plus(lifetime),
                begun,
                owner.subject(),
                owner.origin(),
                address,
                snapshot.handle(),
                model,
                snapshot.setup(),
                snapshot.transcript(),
                traceparent,
                spent));
    }

    /** Seals the request to release a session to this instance. */
    public Optional<String> sealRequest(ResumeToken token) {
        return sealer.seal(token.without(Purpose.REQUEST, address, now(), now().plus(REQUEST_LIFETIME)));
    }

    /** Seals the answer to a request for a session that continues on another instance. */
    public Optional<String> sealPointer(URI holder, ResumeToken request) {
        return sealer.seal(request.without(Purpose.STATE, holder, now(), now().plus(REQUEST_LIFETIME)));
    }

    /**
     * Opens a client's token.
     *
     * @param owner who sends it
     * @throws ResumeRefusedException when the token is not valid, or another owner's
     */
    public ResumeToken open(String sealed, TokenOwner owner) throws ResumeRefusedException {
        ResumeToken token = sealer.open(sealed, Purpose.RESUME, owner.subject());
        // Versions before the origin check sealed tokens without an origin.
        if (token.origin() != null && !token.origin().equals(owner.origin())) {
            throw new ResumeRefusedException(Reason.FOREIGN);
        }
        return token;
    }

    /**
     * Opens another instance's request.
     *
     * @throws ResumeRefusedException when it is not one; a client's token is not
     */
    public ResumeToken openRequest(String sealed) throws ResumeRefusedException {
        return sealer.open(sealed, Purpose.REQUEST);
    }

    /**
     * Opens another instance's answer.
     *
     * @throws ResumeRefusedException when it is not one; a client's token is not
     */
    public ResumeToken openState(String sealed) throws ResumeRefusedException {
        return sealer.open(sealed, Purpose.STATE);
    }
}
