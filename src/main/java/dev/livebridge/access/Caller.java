package dev.livebridge.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who talks: decided before the upgrade, the same for the whole life of the conversation.
 *
 * @param subject who, unique among all kinds by its prefix: {@code key:}, {@code oidc:}, {@code anonymous:} or
 *     {@code open:}; a ticket has the subject of the caller that its minter named. Leaves the process only as
 *     {@link SubjectHash}
 * @param kind how the caller has shown it
 * @param roles what the rules go by; empty without any
 * @param credentialId names the credential without being one: the id of an API key, {@code ""} otherwise
 * @param expiresAt when the credential stops being good, {@code null} when it does not
 * @param rule name of the rule that applies, {@link #DEFAULT_RULE} when none is configured
 */
public record Caller(
        String subject,
        CallerKind kind,
        Set<String> roles,
        String credentialId,
        @Nullable Instant expiresAt,
        String rule) {

    /** The name of the rule that applies when no other does. */
    public static final String DEFAULT_RULE = "default";

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** The same caller under a rule. */
    public Caller under(String otherRule) {
        return new Caller(subject, kind, roles, credentialId, expiresAt, otherRule);
    }

    /** The same caller with a credential that is good for another time. */
    public Caller until(@Nullable Instant otherEnd) {
        return new Caller(subject, kind, roles, credentialId, otherEnd, rule);
    }

    /**
     * Whom the resume tokens of the conversation are good for, {@code null} for anybody. An address does not count: a
     * person who walks from one network into another has a new one.
     */
    public @Nullable String tokenSubject() {
        return switch (kind) {
            case PERSON, BEARER, TICKET, KEY -> subject;
            case ANONYMOUS -> kind.label();
            case OPEN -> null;
        };
    }

    /** Says nothing of who it is. */
    @Override
    public String toString() {
        return "a caller by " + kind.label();
    }
}
