package dev.livebridge.access;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a conversation. It is determined before the upgrade and does not change.
 *
 * @param subject identifies the caller; its prefix {@code key:}, {@code oidc:}, {@code anonymous:} or {@code open:}
 *     makes it unique among all kinds. The subject of a ticket is that of the caller that requested it; a ticket for a
 *     user of that caller adds {@code /} and the user. Only its {@link SubjectHash} leaves the process
 * @param kind of the credential
 * @param roles for the rules; may be empty
 * @param credentialId the id of the API key, which is no secret; {@code ""} without an API key
 * @param expiresAt end of the credential, {@code null} for none
 * @param rule name of the rule that applies, {@link #DEFAULT_RULE} before the rules are evaluated
 * @param claims of the credential that agents may use in their instructions; may be empty. Never logged
 * @param token the ephemeral token with which the caller has come; the rest of the caller is the token's issuer.
 *     {@code null} for all other credentials
 */
public record Caller(
        String subject,
        CallerKind kind,
        Set<String> roles,
        String credentialId,
        @Nullable Instant expiresAt,
        String rule,
        Map<String, String> claims,
        @Nullable TokenGrant token) {

    /** The rule of a caller whose rules are not evaluated yet, and of callers without a rules file. */
    public static final String DEFAULT_RULE = "default";

    public Caller {
        roles = Set.copyOf(roles);
        claims = Map.copyOf(claims);
    }

    /** A caller without claims. */
    public Caller(
            String subject,
            CallerKind kind,
            Set<String> roles,
            String credentialId,
            @Nullable Instant expiresAt,
            String rule) {
        this(subject, kind, roles, credentialId, expiresAt, rule, Map.of());
    }

    /** A caller without an ephemeral token. */
    public Caller(
            String subject,
            CallerKind kind,
            Set<String> roles,
            String credentialId,
            @Nullable Instant expiresAt,
            String rule,
            Map<String, String> claims) {
        this(subject, kind, roles, credentialId, expiresAt, rule, claims, null);
    }

    /** A copy with another rule. */
    public Caller under(String otherRule) {
        return new Caller(subject, kind, roles, credentialId, expiresAt, otherRule, claims, token);
    }

    /** A copy whose credential expires at another time. */
    public Caller until(@Nullable Instant otherEnd) {
        return new Caller(subject, kind, roles, credentialId, otherEnd, rule, claims, token);
    }

    /** The same caller with an ephemeral token. */
    public Caller with(TokenGrant grant) {
        return new Caller(subject, kind, roles, credentialId, expiresAt, rule, claims, grant);
    }

    /**
     * The subject that the resume tokens of the conversation are bound to, {@code null} for none. Tokens are not bound
     * to an address, because a client that changes networks gets a new one.
     */
    public @Nullable String tokenSubject() {
        return switch (kind) {
            case PERSON, BEARER, TICKET, KEY -> subject;
            case ANONYMOUS -> kind.label();
            case OPEN -> null;
        };
    }

    /** Does not contain the subject. */
    @Override
    public String toString() {
        return "a caller by " + kind.label();
    }
}
