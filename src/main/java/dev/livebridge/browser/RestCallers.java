package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.http.OriginPolicy;
import dev.livebridge.http.Peers;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Objects;

/** Determines the callers of Gemini's REST resources. The checks are those of an upgrade. */
@Singleton
class RestCallers {

    private static final String KEY_HEADER = "x-goog-api-key";

    private final CallerAccess access;
    private final OriginPolicy origins;
    private final Peers peers;
    private final CurrentIdentityAssociation identity;

    RestCallers(CallerAccess access, OriginPolicy origins, Peers peers, CurrentIdentityAssociation identity) {
        this.access = access;
        this.origins = origins;
        this.peers = peers;
        this.identity = identity;
    }

    /** The caller of a request, or the reason of a refusal. */
    Uni<AccessDecision> decide(HttpServerRequest request) {
        return mayCall(request)
                ? access.decide(request, true, identity::getDeferredIdentity)
                : Uni.createFrom().item(new AccessDecision.Refused(AccessRefusal.FORBIDDEN));
    }

    /** Whether callers show a credential. */
    boolean required() {
        return access.required();
    }

    /** Whether the request has an API key where Google's SDKs send it. */
    static boolean showsKey(HttpServerRequest request) {
        return request.getHeader(KEY_HEADER) != null || request.getParam("key") != null;
    }

    private boolean mayCall(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null
                ? access.required() || peers.permit(request)
                : origins.permits(
                        origin,
                        Objects.requireNonNullElse(request.scheme(), "http"),
                        Objects.requireNonNullElse(request.getHeader("Host"), ""));
    }
}
