package dev.livebridge.access.request;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * JWTs, which {@code quarkus-oidc} verifies: signature, algorithm, issuer, audience, {@code nbf}. What it has verified
 * becomes a caller here.
 */
@Singleton
class BearerTokens {

    private static final Logger LOG = Logger.getLogger(BearerTokens.class);

    /** For the keys of the identity provider; an upgrade waits no longer. */
    private static final Duration TIME = Duration.ofSeconds(5);

    /** Subjects of identity providers are far shorter (OpenID Connect Core section 2 says 255 at most). */
    private static final int LONGEST_SUBJECT = 255;

    private final boolean accepted;
    private final TenantIdentityProvider provider;
    private final InstantSource clock;

    @Inject
    BearerTokens(AccessSettings settings, TenantIdentityProvider provider) {
        this(settings.access().oidc(), provider, InstantSource.system());
    }

    BearerTokens(boolean accepted, TenantIdentityProvider provider, InstantSource clock) {
        this.accepted = accepted;
        this.provider = provider;
        this.clock = clock;
    }

    /**
     * Who a token was issued to.
     *
     * @param token anything at all
     */
    Uni<AccessDecision> verify(String token) {
        if (!accepted || token.isEmpty()) {
            return Uni.createFrom().item(new AccessDecision.Refused(AccessRefusal.INVALID));
        }
        return provider.authenticate(new AccessTokenCredential(token))
                .ifNoItem()
                .after(TIME)
                .fail()
                .map(identity -> caller(identity, CallerKind.BEARER))
                .onFailure()
                .recoverWithItem(failure -> new AccessDecision.Refused(refusal(failure)));
    }

    /** Who an identity is that {@code quarkus-oidc} has established. */
    AccessDecision caller(SecurityIdentity identity, CallerKind kind) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return new AccessDecision.Refused(AccessRefusal.INVALID);
        }
        String subject = token.getSubject();
        long seconds = token.getExpirationTime();
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT || seconds <= 0) {
            return new AccessDecision.Refused(AccessRefusal.INVALID);
        }
        Instant end = Instant.ofEpochSecond(seconds);
        // The leeway of quarkus.oidc.token.lifespan-grace is for clocks that are ahead, not for tokens that are over.
        if (!clock.instant().isBefore(end)) {
            return new AccessDecision.Refused(AccessRefusal.EXPIRED);
        }
        return new AccessDecision.Admitted(
                new Caller("oidc:" + subject, kind, identity.getRoles(), "", end, Caller.DEFAULT_RULE));
    }

    /** Why a token or a session was refused. Messages of the library may quote the token, so none is logged. */
    static AccessRefusal refusal(Throwable failure) {
        boolean refused = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidJwtException invalid) {
                return invalid.hasExpired() ? AccessRefusal.EXPIRED : AccessRefusal.INVALID;
            }
            if (cause instanceof IOException
                    || cause instanceof VertxException
                    || cause instanceof TimeoutException
                    || cause instanceof io.smallrye.mutiny.TimeoutException) {
                LOG.warnf(
                        "the identity provider does not answer: %s",
                        cause.getClass().getSimpleName());
                return AccessRefusal.UNAVAILABLE;
            }
            refused |= cause instanceof AuthenticationFailedException;
        }
        if (failure instanceof OIDCException && !refused) {
            LOG.warn("the identity provider can't be used");
            return AccessRefusal.UNAVAILABLE;
        }
        return AccessRefusal.INVALID;
    }
}
