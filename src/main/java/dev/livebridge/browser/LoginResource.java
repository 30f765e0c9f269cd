package dev.livebridge.browser;

import io.quarkus.security.Authenticated;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/**
 * The paths of login and logout. {@code quarkus-oidc} handles both first: it redirects a person without a session to
 * the identity provider, which redirects back to {@code /login}; at logout it ends the session here and at the
 * provider. Without a configured login both paths respond with 401.
 */
@Path("/")
@Authenticated
public final class LoginResource {

    /** Redirects to the page after the login. */
    @GET
    @Path(Login.LOGIN)
    public Response login() {
        return page();
    }

    /** Redirects to the page; called only if the identity provider has no end-session endpoint. */
    @GET
    @Path(Login.LOGOUT)
    public Response logout() {
        return page();
    }

    private static Response page() {
        return Response.seeOther(URI.create("/"))
                .header("Cache-Control", "no-store")
                .build();
    }
}
