package dev.livebridge.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.NoCache;

/** The page: a shell around one custom element. */
@Path("/")
public final class PageResource {

    private final PageConfigurations configurations;

    PageResource(PageConfigurations configurations) {
        this.configurations = configurations;
    }

    /** Serves the shell with the embedded configuration. Not cached, because it names the current bundles. */
    @GET
    @NoCache
    @Produces(MediaType.TEXT_HTML)
    public TemplateInstance page() {
        return Templates.page(configurations.embedded());
    }

    @CheckedTemplate(basePath = "", requireTypeSafeExpressions = false)
    static final class Templates {

        private Templates() {}

        static native TemplateInstance page(String configuration);
    }
}
