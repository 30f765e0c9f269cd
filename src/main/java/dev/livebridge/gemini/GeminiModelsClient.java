package dev.livebridge.gemini;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's REST resource of models. Checks key and model without a session (gemini-live-api.md section 2.4). Anything
 * but 200 is thrown as a {@link jakarta.ws.rs.WebApplicationException}.
 */
@Path("/{version}/models")
interface GeminiModelsClient extends AutoCloseable {

    /**
     * Asks for one model.
     *
     * @param version as in the live path, {@code v1beta}
     * @param id without {@code models/}
     * @return {@code null} when the answer has no body
     */
    @GET
    @Path("/{id}")
    @Nullable
    Model get(
            @PathParam("version") String version,
            @PathParam("id") String id,
            @HeaderParam("x-goog-api-key") String apiKey,
            @HeaderParam("x-goog-api-client") String client);

    /**
     * Asks for all models the key may use, one page of them.
     *
     * @param pageSize at most 1000
     * @param pageToken of the page before, {@code null} for the first
     * @return {@code null} when the answer has no body
     */
    @GET
    @Nullable
    Page list(
            @PathParam("version") String version,
            @QueryParam("pageSize") int pageSize,
            @QueryParam("pageToken") @Nullable String pageToken,
            @HeaderParam("x-goog-api-key") String apiKey,
            @HeaderParam("x-goog-api-client") String client);

    @Override
    void close();

    /**
     * A model as the service describes it.
     *
     * @param name with {@code models/}
     * @param version of the model
     * @param displayName for people
     * @param description for people
     * @param inputTokenLimit tokens of the context
     * @param outputTokenLimit tokens of an answer
     * @param supportedGenerationMethods a live model has {@code bidiGenerateContent} among them
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Model(
            @Nullable String name,
            @Nullable String version,
            @Nullable String displayName,
            @Nullable String description,
            @Nullable Integer inputTokenLimit,
            @Nullable Integer outputTokenLimit,
            @Nullable List<String> supportedGenerationMethods) {

        boolean live() {
            return supportedGenerationMethods != null && supportedGenerationMethods.contains("bidiGenerateContent");
        }
    }

    /**
     * A page of models.
     *
     * @param models absent when there are none
     * @param nextPageToken absent on the last page
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Page(@Nullable List<Model> models, @Nullable String nextPageToken) {}
}
