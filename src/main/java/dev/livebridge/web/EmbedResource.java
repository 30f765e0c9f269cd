package dev.livebridge.web;

import io.quarkiverse.web.bundler.runtime.Bundle;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Objects;

/**
 * {@code GET /embed/gemini-live.js}: the script of the element under a name that stays, for pages of other origins. It
 * imports the bundle, whose name changes with its content, so browsers ask each time whether it is still the same.
 */
@Path(EmbedResource.PATH)
public final class EmbedResource {

    static final String PATH = "/embed/gemini-live.js";

    private final String script;
    private final EntityTag tag;

    EmbedResource(Bundle bundle) {
        // A path of this service: browsers resolve it against the address of this script, not of the page.
        String address = Objects.requireNonNull(bundle.script("embed"), "the bundle of the element");
        this.script = "import '" + address + "';\n";
        this.tag = new EntityTag(address.substring(address.lastIndexOf('/') + 1));
    }

    /** Responds 200 with the script, or 304 to a browser that has it. */
    @GET
    public Response script(@Context Request request) {
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(script, "text/javascript;charset=utf-8") : unchanged)
                .tag(tag)
                .header("Cache-Control", "no-cache")
                .build();
    }
}
