package dev.livebridge.gemini;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gemini's REST resource of models: the cheap way to learn whether key and model are good (section 2.4). */
@Path("/{version}/models")
interface GeminiModelsClient {

    /**
     * Asks for one model.
     *
     * @param version as in the live path, {@code v1beta}
     * @param id without {@code models/}
     */
    @GET
    @Path("/{id}")
    Model get(
            @PathParam("version") String version,
            @PathParam("id") String id,
            @HeaderParam("x-goog-api-key") String apiKey,
            @HeaderParam("x-goog-api-client") String client);

    /**
     * A model as the service describes it.
     *
     * @param displayName for people
     * @param supportedGenerationMethods a live model has {@code bidiGenerateContent} among them
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Model(@Nullable String displayName, @Nullable List<String> supportedGenerationMethods) {

        boolean live() {
            return supportedGenerationMethods != null && supportedGenerationMethods.contains("bidiGenerateContent");
        }
    }
}
