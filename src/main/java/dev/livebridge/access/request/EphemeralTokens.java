package dev.livebridge.access.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.access.keys.ApiKeys;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.resumption.AuthTokenSealer;
import dev.livebridge.resumption.ResumeRefusedException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Ephemeral tokens in Google's form, {@code auth_tokens/…}. A token acts for the caller that issued it: with its
 * subject, its rule and its roles, except the role to issue tokens. The token itself holds all that, sealed; any
 * instance with the same keys accepts it.
 *
 * <p>Thread-safe.
 */
@Singleton
public class EphemeralTokens {

    /** Kinds of callers that may issue tokens; a ticket stands for one conversation. */
    private static final Set<CallerKind> ISSUERS = Set.of(CallerKind.KEY, CallerKind.BEARER, CallerKind.PERSON);

    /** Clocks of instances differ by no more than this. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(60);

    private final AuthTokenSealer sealer;
    private final Predicate<String> liveKeys;
    private final String issuerRole;
    private final InstantSource clock;

    @Inject
    EphemeralTokens(AuthTokenSealer sealer, ApiKeys keys, AccessSettings settings) {
        this(sealer, id -> keys.isValid(id, Instant.now()), settings.access().ticketRole(), InstantSource.system());
    }

    /**
     * Tokens on another clock.
     *
     * @param liveKeys whether the API key with this id is neither revoked nor expired
     */
    EphemeralTokens(AuthTokenSealer sealer, Predicate<String> liveKeys, String issuerRole, InstantSource clock) {
        this.sealer = sealer;
        this.liveKeys = liveKeys;
        this.issuerRole = issuerRole;
        this.clock = clock;
    }

    /** Whether a caller may issue tokens. */
    public boolean mayIssue(Caller caller) {
        return ISSUERS.contains(caller.kind())
                && caller.token() == null
                && caller.roles().contains(issuerRole);
    }

    /**
     * A new token.
     *
     * @param issuer a caller that {@linkplain #mayIssue may}, under its rule
     * @param expiresAt time at which the token's conversations end
     * @return its name, which is the token; empty if its setup is too large
     */
    public Optional<String> issue(Caller issuer, Instant expiresAt, TokenGrant grant) {
        Set<String> roles = new TreeSet<>(issuer.roles());
        roles.remove(issuerRole);
        JsonText content = JsonText.object()
                .put("id", grant.id())
                .put("by", grant.issuer())
                .put("iat", clock.instant().toEpochMilli())
                .put("exp", expiresAt.toEpochMilli())
                .put("start", grant.startsUntil().toEpochMilli())
                .put("uses", grant.uses())
                .put("sub", issuer.subject())
                .put("kind", issuer.kind().name())
                .put("roles", roles)
                .put("key", issuer.credentialId())
                .put("rule", issuer.rule());
        if (!issuer.claims().isEmpty()) {
            JsonText claims = JsonText.object();
            new TreeMap<>(issuer.claims()).forEach(claims::put);
            content.putJson("claims", claims.end());
        }
        if (grant.setup() != null) {
            content.putJson("setup", grant.setup()).put("mask", grant.mask());
        }
        return sealer.seal(content.end().getBytes(UTF_8)).map(text -> Carriers.TOKEN_NAME + text);
    }

    /**
     * The caller of a token. Its uses and the end of its time to begin conversations are not checked: a conversation
     * that goes on needs neither.
     *
     * @param sealed what follows {@code auth_tokens/}; not validated
     * @return empty for what is no ephemeral token
     */
    Optional<AccessDecision> open(String sealed) {
        JsonNode content;
        try {
            content = StrictJson.read(new String(sealer.open(sealed), UTF_8));
        } catch (ResumeRefusedException e) {
            return e.reason() == ResumeRefusedException.Reason.MALFORMED ? Optional.empty() : invalid();
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("a sealed token is JSON", e);
        }
        Instant now = clock.instant();
        String key = content.path("key").asText();
        if (time(content, "iat").isAfter(now.plus(CLOCK_DIFFERENCE)) || (!key.isEmpty() && !liveKeys.test(key))) {
            return invalid();
        }
        return Optional.of(
                now.isBefore(time(content, "exp"))
                        ? new AccessDecision.Admitted(caller(content, key))
                        : new AccessDecision.Refused(AccessRefusal.EXPIRED));
    }

    private static Optional<AccessDecision> invalid() {
        return Optional.of(new AccessDecision.Refused(AccessRefusal.INVALID));
    }

    private static Caller caller(JsonNode content, String key) {
        JsonNode setup = content.path("setup");
        return new Caller(
                content.path("sub").asText(),
                CallerKind.valueOf(content.path("kind").asText()),
                new HashSet<>(texts(content.path("roles"))),
                key,
                time(content, "exp"),
                content.path("rule").asText(),
                claims(content.path("claims")),
                new TokenGrant(
                        content.path("id").asText(),
                        content.path("by").asText(),
                        content.path("uses").asInt(),
                        time(content, "start"),
                        setup.isMissingNode() ? null : StrictJson.write(setup),
                        texts(content.path("mask"))));
    }

    private static Map<String, String> claims(JsonNode object) {
        Map<String, String> claims = new HashMap<>();
        object.properties()
                .forEach(claim -> claims.put(claim.getKey(), claim.getValue().asText()));
        return claims;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Instant time(JsonNode content, String member) {
        return Instant.ofEpochMilli(content.path(member).asLong());
    }
}
