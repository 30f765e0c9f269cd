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
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/**
 * Determines the callers of JWTs and of login sessions. {@code quarkus-oidc} verifies signature, algorithm, issuer,
 * audience and {@code nbf}; this class checks subject and expiry.
 */
@Singleton
class BearerTokens {

    private static final Logger LOG = Logger.getLogger(BearerTokens.class);

    /** Time limit for the identity provider, which delays an upgrade. */
    private static final Duration PROVIDER_TIMEOUT = Duration.ofSeconds(5);

    /** Characters; OpenID Connect Core, section 2. */
    private static final int MAX_SUBJECT_LENGTH = 255;

    /** Claims that are kept, and characters of each; larger ones are left out. */
    private static final int MAX_CLAIMS = 32;

    private static final int MAX_CLAIM_LENGTH = 256;

    /** Of OpenID Connect and JWT, without a meaning for an agent. */
    private static final Set<String> PROTOCOL_CLAIMS = Set.of(
            "acr",
            "at_hash",
            "aud",
            "auth_time",
            "azp",
            "c_hash",
            "exp",
            "iat",
            "iss",
            "jti",
            "nbf",
            "nonce",
            "raw_token",
            "s_hash",
            "scope",
            "session_state",
            "sid",
            "typ");

    private final boolean accepted;
    private final TenantIdentityProvider provider;
    private final InstantSource clock;
    private final Duration timeout;

    @Inject
    BearerTokens(AccessSettings settings, TenantIdentityProvider provider) {
        this(settings.access().oidc(), provider, InstantSource.system(), PROVIDER_TIMEOUT);
    }

    BearerTokens(boolean accepted, TenantIdentityProvider provider, InstantSource clock, Duration timeout) {
        this.accepted = accepted;
        this.provider = provider;
        this.clock = clock;
        this.timeout = timeout;
    }

    /**
     * Verifies a JWT.
     *
     * @param token from the client, unchecked
     */
    Uni<AccessDecision> verify(String token) {
        if (!accepted || token.isEmpty()) {
            return Uni.createFrom().item(new AccessDecision.Refused(AccessRefusal.INVALID));
        }
        return decide(
                provider.authenticate(new AccessTokenCredential(token)),
                identity -> caller(identity, CallerKind.BEARER));
    }

    /**
     * Determines the caller of a login session. Its identity may need a new token from the identity provider.
     *
     * @param session its identity; {@code null} or anonymous if the session has expired
     */
    Uni<AccessDecision> person(Uni<SecurityIdentity> session) {
        return decide(
                session,
                identity -> identity == null || identity.isAnonymous()
                        ? new AccessDecision.Refused(AccessRefusal.EXPIRED)
                        : caller(identity, CallerKind.PERSON));
    }

    private Uni<AccessDecision> decide(
            Uni<SecurityIdentity> identity, Function<@Nullable SecurityIdentity, AccessDecision> decision) {
        return identity.ifNoItem()
                .after(timeout)
                .fail()
                .map(decision)
                .onFailure()
                .recoverWithItem(failure -> new AccessDecision.Refused(refusal(failure)));
    }

    /** The caller of an identity that {@code quarkus-oidc} has verified. */
    private AccessDecision caller(@Nullable SecurityIdentity identity, CallerKind kind) {
        if (identity == null || !(identity.getPrincipal() instanceof JsonWebToken token)) {
            return new AccessDecision.Refused(AccessRefusal.INVALID);
        }
        String subject = token.getSubject();
        long seconds = token.getExpirationTime();
        if (subject == null || subject.isBlank() || subject.length() > MAX_SUBJECT_LENGTH || seconds <= 0) {
            return new AccessDecision.Refused(AccessRefusal.INVALID);
        }
        Instant end = Instant.ofEpochSecond(seconds);
        // quarkus.oidc.token.lifespan-grace tolerates clocks that are ahead; it does not extend expired tokens.
        if (!clock.instant().isBefore(end)) {
            return new AccessDecision.Refused(AccessRefusal.EXPIRED);
        }
        return new AccessDecision.Admitted(
                new Caller("oidc:" + subject, kind, identity.getRoles(), "", end, Caller.DEFAULT_RULE, claims(token)));
    }

    /** The claims about the user, for agents: texts, numbers and booleans, not the members of the protocol. */
    static Map<String, String> claims(JsonWebToken token) {
        Map<String, String> claims = new HashMap<>();
        for (String name : new TreeSet<>(token.getClaimNames())) {
            if (claims.size() == MAX_CLAIMS) {
                break;
            }
            String value = PROTOCOL_CLAIMS.contains(name) ? null : text(token.getClaim(name));
            if (value != null && value.length() <= MAX_CLAIM_LENGTH) {
                claims.put(name, value);
            }
        }
        return claims;
    }

    private static @Nullable String text(@Nullable Object claim) {
        return switch (claim) {
            case String text -> text;
            case JsonString string -> string.getString();
            case Number number -> number.toString();
            case JsonNumber number -> number.toString();
            case Boolean flag -> flag.toString();
            case JsonValue value when value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE) -> value.toString();
            case null, default -> null;
        };
    }

    /** The refusal for a failure of {@code quarkus-oidc}. Its messages may contain the token and are not logged. */
    private static AccessRefusal refusal(Throwable failure) {
        boolean refused = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidJwtException jwt) {
                return jwt.hasExpired() ? AccessRefusal.EXPIRED : AccessRefusal.INVALID;
            }
            if (cause instanceof IOException
                    || cause instanceof VertxException
                    || cause instanceof TimeoutException
                    || cause instanceof io.smallrye.mutiny.TimeoutException) {
                LOG.warnf(
                        "quarkus.oidc: the identity provider does not answer: %s",
                        cause.getClass().getSimpleName());
                return AccessRefusal.UNAVAILABLE;
            }
            refused |= cause instanceof AuthenticationFailedException;
        }
        if (failure instanceof OIDCException && !refused) {
            LOG.warn("quarkus.oidc: the identity provider can't be used");
            return AccessRefusal.UNAVAILABLE;
        }
        return AccessRefusal.INVALID;
    }
}
