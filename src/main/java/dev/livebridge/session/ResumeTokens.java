package dev.livebridge.session;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.resumption.TokenSealer;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Issues and opens the tokens of all conversations of this process. */
@Singleton
public class ResumeTokens {

    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final TokenSealer sealer;
    private final Duration lifetime;
    private final @Nullable URI address;
    private final InstantSource clock;

    /**
     * Tokens on the system's clock.
     *
     * @throws ConfigurationException when lifetime or address make no sense
     */
    @Inject
    public ResumeTokens(TokenSealer sealer, LivebridgeConfig config) {
        this(
                sealer,
                config.resumption().tokenLifetime(),
                config.instance().address().orElse(null),
                InstantSource.system());
    }

    ResumeTokens(TokenSealer sealer, Duration lifetime, @Nullable URI address, InstantSource clock) {
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

    /** How long a token is good. */
    Duration lifetime() {
        return lifetime;
    }

    /** Where other instances reach this one; {@code null} when nobody has told. */
    @Nullable
    URI address() {
        return address;
    }

    /** The wall clock. */
    Instant now() {
        return clock.instant();
    }

    /**
     * Seals what is known of a conversation.
     *
     * @param snapshot its memory; the model must be known
     * @param traceparent of its span, {@code null} when nothing is traced
     * @return nothing when the setup is too large for a token
     */
    Optional<String> seal(
            String sessionId,
            long sequence,
            Instant begun,
            ConversationMemory.Snapshot snapshot,
            @Nullable String traceparent) {
        String model = snapshot.model();
        if (model == null) {
            return Optional.empty();
        }
        Instant now = now();
        return sealer.seal(new ResumeToken(
                sessionId,
                sequence,
                now,
                now.plus(lifetime),
                begun,
                null,
                address,
                snapshot.handle(),
                model,
                snapshot.setup(),
                snapshot.transcript(),
                traceparent));
    }

    /** Seals a token anew that names another instance as the conversation's holder. */
    Optional<String> sealFor(@Nullable URI holder, ResumeToken token) {
        return sealer.seal(token.heldBy(holder));
    }

    /**
     * Opens a token.
     *
     * @throws ResumeRefusedException when it is not a good one
     */
    ResumeToken open(String sealed) throws ResumeRefusedException {
        return sealer.open(sealed, null);
    }
}
