package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.agents.Agents;
import dev.livebridge.http.GeminiRestPaths;
import dev.livebridge.json.JsonText;
import dev.livebridge.message.ListedModel;
import dev.livebridge.message.ModelListing;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1beta/models[/ID]} and the same for the other versions: the models and agents that the caller may use,
 * in Google's form (gemini-live-api.md section 2.4).
 */
@Path("/{version:v1(?:alpha)?(?:beta)?}/models")
public final class ModelsResource {

    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 1000;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final List<String> METHODS = List.of("bidiGenerateContent");

    private final RestCallers callers;
    private final AccessRules rules;
    private final ModelListing listing;
    private final Agents agents;

    ModelsResource(RestCallers callers, AccessRules rules, ModelListing listing, Agents agents) {
        this.callers = callers;
        this.rules = rules;
        this.listing = listing;
        this.agents = agents;
    }

    /**
     * One page of the models.
     *
     * @param pageSize 50 without it, at most 1000
     * @param pageToken of the page before
     * @return 200 with {@code {"models","nextPageToken"}}; 400, 401, 403 or 503 in Google's shape
     */
    @GET
    public Uni<Response> list(
            @Context HttpServerRequest request,
            @QueryParam("pageSize") @Nullable String pageSize,
            @QueryParam("pageToken") @Nullable String pageToken) {
        return answer(request, models -> page(models, pageSize, pageToken));
    }

    /**
     * One model.
     *
     * @return 200, or an error in Google's shape; 404 for a model that the caller may not use
     */
    @GET
    @Path("/{id}")
    public Uni<Response> get(
            @Context HttpServerRequest request, @PathParam("version") String version, @PathParam("id") String id) {
        return answer(
                request,
                models -> models.stream()
                        .filter(model -> model.id().equals(id))
                        .findFirst()
                        .map(model -> GoogleAnswer.ok(json(model)))
                        .orElseGet(() -> GoogleAnswer.notFound("models/" + id + " is not found for API version "
                                + version + ", or is not supported for bidiGenerateContent. Call ListModels to see the"
                                + " list of available models and their supported methods.")));
    }

    private Uni<Response> answer(HttpServerRequest request, Function<List<ListedModel>, Response> answer) {
        if (!GeminiRestPaths.serve(request)) {
            return Uni.createFrom().item(GoogleAnswer.notFound("Requested entity was not found."));
        }
        boolean key = RestCallers.showsKey(request);
        // The list may wait for Gemini.
        return callers.decide(request)
                .emitOn(command -> Thread.ofVirtual().name("livebridge-models").start(command))
                .map(decision -> switch (decision) {
                    case Refused(AccessRefusal refusal) -> GoogleAnswer.refused(refusal, key);
                    case Admitted(Caller caller) ->
                        models(caller).map(answer).orElseGet(() -> GoogleAnswer.refused(AccessRefusal.FORBIDDEN, key));
                });
    }

    private Optional<List<ListedModel>> models(Caller caller) {
        return rules.find(caller).map(rule -> {
            Permissions permissions = rule.permissions();
            Stream<ListedModel> ofAgents = agents.titles(permissions).stream()
                    .map(agent ->
                            new ListedModel(Agents.MODEL_PREFIX + agent.name(), agent.title(), null, null, null, null));
            // A caller that must have an agent can't name a model.
            Stream<ListedModel> plain = permissions.needsAgent()
                    ? Stream.of()
                    : listing.listed().stream().filter(model -> permissions.allowsModel(model.id()));
            return Stream.concat(plain, ofAgents).toList();
        });
    }

    private static Response page(List<ListedModel> models, @Nullable String pageSize, @Nullable String pageToken) {
        int size = number(pageSize);
        int from = number(pageToken);
        if (size < 0 || from < 0 || from > models.size()) {
            return GoogleAnswer.badRequest("Request contains an invalid argument. (pageSize is a number, and pageToken"
                    + " the nextPageToken of the page before.)");
        }
        int to = Math.min(from + (size == 0 ? DEFAULT_PAGE : Math.min(size, MAX_PAGE)), models.size());
        JsonText page = JsonText.object()
                .putJson(
                        "models",
                        models.subList(from, to).stream()
                                .map(ModelsResource::json)
                                .collect(Collectors.joining(",", "[", "]")));
        if (to < models.size()) {
            page.put("nextPageToken", Integer.toString(to));
        }
        return GoogleAnswer.ok(page.end());
    }

    /** 0 without a value, -1 for what is no number. */
    private static int number(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return 0;
        }
        return NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
    }

    private static String json(ListedModel model) {
        JsonText json = JsonText.object().put("name", "models/" + model.id());
        put(json, "version", model.version());
        json.put("displayName", model.displayName());
        put(json, "description", model.description());
        put(json, "inputTokenLimit", model.inputTokenLimit());
        put(json, "outputTokenLimit", model.outputTokenLimit());
        return json.put("supportedGenerationMethods", METHODS).end();
    }

    private static void put(JsonText json, String name, @Nullable String text) {
        if (text != null) {
            json.put(name, text);
        }
    }

    private static void put(JsonText json, String name, @Nullable Integer number) {
        if (number != null) {
            json.put(name, number.longValue());
        }
    }
}
