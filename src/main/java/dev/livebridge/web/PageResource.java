package dev.livebridge.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.NoCache;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** The page: a shell around one custom element. */
@Path("/")
public final class PageResource {

    private final PageConfigurations configurations;

    PageResource(PageConfigurations configurations) {
        this.configurations = configurations;
    }

    /**
     * Serves the shell with the embedded configuration. Not cached, because it names the current bundles.
     *
     * @param languages the languages that the browser prefers, as {@code Accept-Language} lists them
     */
    @GET
    @NoCache
    @ResponseHeader(name = HttpHeaders.VARY, value = HttpHeaders.ACCEPT_LANGUAGE)
    @Produces(MediaType.TEXT_HTML)
    public Uni<String> page(@HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) @Nullable String languages) {
        // A returned template would make Quarkus read the header, too, and refuse a malformed one.
        return Templates.page(configurations.embedded(), PageLanguage.of(languages))
                .createUni();
    }

    @CheckedTemplate(basePath = "", requireTypeSafeExpressions = false)
    static final class Templates {

        private Templates() {}

        static native TemplateInstance page(String configuration, PageLanguage language);
    }
}
