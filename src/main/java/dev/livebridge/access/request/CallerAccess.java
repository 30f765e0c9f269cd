package dev.livebridge.access.request;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.keys.ApiKey;
import dev.livebridge.access.keys.ApiKeys;
import dev.livebridge.http.ClientAddress;
import dev.livebridge.http.Origin;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Determines the caller of an upgrade, of a request to {@code /api}, and of a new credential in a conversation. */
@Singleton
public class CallerAccess {

    /** The origin of a client that is not a page. */
    public static final String NO_ORIGIN = "none";

    /** The end of the path of the method that takes ephemeral tokens. */
    private static final String CONSTRAINED = "BidiGenerateContentConstrained";

    /** Prefix of the session cookies of {@code quarkus-oidc}, which splits large cookies. */
    private static final String SESSION_COOKIE = "q_session";

    private final AccessSettings settings;
    private final ApiKeys keys;
    private final BearerTokens tokens;
    private final Tickets tickets;
    private final EphemeralTokens ephemeralTokens;
    private final ClientAddress address;
    private final InstantSource clock;

    @Inject
    CallerAccess(
            AccessSettings settings,
            ApiKeys keys,
            BearerTokens tokens,
            Tickets tickets,
            EphemeralTokens ephemeralTokens,
            ClientAddress address) {
        this(settings, keys, tokens, tickets, ephemeralTokens, address, InstantSource.system());
    }

    CallerAccess(
            AccessSettings settings,
            ApiKeys keys,
            BearerTokens tokens,
            Tickets tickets,
            EphemeralTokens ephemeralTokens,
            ClientAddress address,
            InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.tokens = tokens;
        this.tickets = tickets;
        this.ephemeralTokens = ephemeralTokens;
        this.address = address;
        this.clock = clock;
    }

    /** Whether callers need a credential. */
    public boolean required() {
        return settings.required();
    }

    /**
     * Determines the caller of a request. The {@code Origin} is already checked.
     *
     * @param geminiPath whether the carriers of Google's SDKs are accepted
     * @param session supplies the identity of the session cookie; called only if the request has one
     */
    public Uni<AccessDecision> decide(
            HttpServerRequest request, boolean geminiPath, Supplier<Uni<SecurityIdentity>> session) {
        if (!settings.required()) {
            return Uni.createFrom().item(new Admitted(unproven("open:", CallerKind.OPEN, request)));
        }
        Set<Credential> credentials = Carriers.read(request, geminiPath);
        String origin = originOf(request);
        return switch (credentials.size()) {
            case 0 -> withoutCredential(request, origin, session);
            case 1 -> verifyOn(request, credentials.iterator().next(), origin);
            default -> refuse(AccessRefusal.AMBIGUOUS);
        };
    }

    /**
     * Verifies a new credential of a caller in its conversation.
     *
     * @param caller of the conversation
     * @param text from the client, unchecked: a JWT, an API key, or the subprotocol of a ticket
     * @param origin of the page, {@link #NO_ORIGIN} for a program
     * @return {@code FORBIDDEN} if the credential belongs to another caller
     */
    public Uni<AccessDecision> renew(Caller caller, String text, String origin) {
        Credential credential = text.startsWith(Carriers.TICKET_PROTOCOL)
                ? new Credential.Ticket(text.substring(Carriers.TICKET_PROTOCOL.length()))
                : new Credential.Bearer(text);
        return verify(credential, origin).map(decision -> switch (decision) {
            case Admitted(Caller other)
            when !other.subject().equals(caller.subject()) -> new Refused(AccessRefusal.FORBIDDEN);
            case Admitted _, Refused _ -> decision;
        });
    }

    /** Whether the API key of a caller is not revoked; true without an API key. Does not check the expiry. */
    public boolean isLive(Caller caller) {
        return caller.credentialId().isEmpty()
                || keys.byId(caller.credentialId()).isPresent();
    }

    private Uni<AccessDecision> withoutCredential(
            HttpServerRequest request, String origin, Supplier<Uni<SecurityIdentity>> session) {
        boolean page = !origin.equals(NO_ORIGIN);
        if (page && settings.access().oidc() && hasSession(request)) {
            return tokens.person(session.get());
        }
        if (page && settings.access().anonymous()) {
            return Uni.createFrom().item(new Admitted(unproven("anonymous:", CallerKind.ANONYMOUS, request)));
        }
        return refuse(AccessRefusal.MISSING);
    }

    private static boolean hasSession(HttpServerRequest request) {
        return request.cookies().stream().anyMatch(cookie -> cookie.getName().startsWith(SESSION_COOKIE));
    }

    /**
     * Google takes ephemeral tokens on one method alone, and API keys on all others; to the wrong one the caller is
     * unknown (gemini-live-api.md fact 28).
     */
    private Uni<AccessDecision> verifyOn(HttpServerRequest request, Credential credential, String origin) {
        boolean constrained = request.path() != null && request.path().endsWith(CONSTRAINED);
        boolean wrongMethod = switch (credential) {
            case Credential.Token _ -> !constrained;
            case Credential.Key _ -> constrained;
            case Credential.Bearer _, Credential.Ticket _, Credential.Malformed _ -> false;
        };
        return wrongMethod ? refuse(AccessRefusal.MISSING) : verify(credential, origin);
    }

    private Uni<AccessDecision> verify(Credential credential, String origin) {
        return switch (credential) {
            case Credential.Bearer(String text) when ApiKeys.isApiKey(text) -> key(text, origin);
            case Credential.Bearer(String text) -> tokens.verify(text);
            case Credential.Key(String text) -> key(text, origin);
            case Credential.Ticket(String text) -> tickets.redeem(text, origin);
            case Credential.Token(String text) ->
                ephemeralTokens
                        .open(text)
                        .map(decision -> Uni.createFrom().item(decision))
                        .orElseGet(() -> tickets.redeem(text, origin));
            case Credential.Malformed _ -> refuse(AccessRefusal.INVALID);
        };
    }

    private Uni<AccessDecision> key(String text, String origin) {
        return Uni.createFrom()
                .item(keys.find(text)
                        .map(entry -> key(entry, origin))
                        .orElseGet(() -> new Refused(AccessRefusal.INVALID)));
    }

    private AccessDecision key(ApiKey entry, String origin) {
        if (entry.hasExpired(clock.instant())) {
            return new Refused(AccessRefusal.EXPIRED);
        }
        if (!origin.equals(NO_ORIGIN) && !entry.origins().contains(origin)) {
            return new Refused(AccessRefusal.FORBIDDEN);
        }
        return new Admitted(new Caller(
                "key:" + entry.subject(),
                CallerKind.KEY,
                entry.roles(),
                entry.id(),
                entry.expiresAt(),
                Caller.DEFAULT_RULE));
    }

    private Caller unproven(String prefix, CallerKind kind, HttpServerRequest request) {
        return new Caller(prefix + address.of(request), kind, Set.of(), "", null, Caller.DEFAULT_RULE);
    }

    /** The normalized form of an {@code Origin} header; {@link #NO_ORIGIN} without one. */
    public static String origin(@Nullable String header) {
        return header == null
                ? NO_ORIGIN
                : Origin.parse(header).map(Origin::text).orElse(header);
    }

    /**
     * The origin of a request. A browser omits {@code Origin} in a GET of the service's own page; it then sends
     * {@code Sec-Fetch-Site: same-origin}, a header that no page can set.
     */
    private static String originOf(HttpServerRequest request) {
        String header = request.getHeader("Origin");
        boolean ownPage = header == null && "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
        return origin(ownPage ? request.scheme() + "://" + request.getHeader("Host") : header);
    }

    private static Uni<AccessDecision> refuse(AccessRefusal refusal) {
        return Uni.createFrom().item(new Refused(refusal));
    }
}
