package dev.livebridge.browser;

import io.quarkus.security.Authenticated;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/**
 * Where people log in and out. {@code quarkus-oidc} answers both before they get here: it sends those who are not
 * logged in to the identity provider, which sends them back to {@code /login}, and ends the session at both ends for
 * those who log out. Without a login both are refused with 401.
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

    /** Back to the page; reached only when the identity provider has no address for ending a session. */
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
