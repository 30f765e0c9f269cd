package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service's REST resources beside the sockets (gemini-live-api.md sections 2.3 and 2.4). */
final class RestApi {

    private static final Pattern MODELS = Pattern.compile("/(v1(?:alpha|beta)?)/models(?:/([^/]+))?");
    private static final Pattern AUTH_TOKENS = Pattern.compile("/v1(?:alpha|beta)?/auth_tokens");
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 1_000;

    private final AuthTokens tokens;

    RestApi(AuthTokens tokens) {
        this.tokens = tokens;
    }

    void handle(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        Matcher models = MODELS.matcher(path);
        boolean get = request.method().equals(HttpMethod.GET);
        if (get && models.matches()) {
            Optional<RestError> refusal = refusal(request);
            if (refusal.isPresent()) {
                refuse(request, refusal.get());
            } else if (models.group(2) == null) {
                list(request);
            } else {
                one(request, models.group(1), models.group(2));
            }
        } else if (request.method().equals(HttpMethod.POST)
                && AUTH_TOKENS.matcher(path).matches()) {
            createToken(request);
        } else {
            refuse(request, RestError.notFound("Requested entity was not found."));
        }
    }

    private static void list(HttpServerRequest request) {
        int from;
        int size;
        try {
            from = Integer.parseInt(request.getParam("pageToken", "0"));
            size = Math.min(Integer.parseInt(request.getParam("pageSize", "0")), MAX_PAGE);
        } catch (NumberFormatException e) {
            refuse(request, RestError.invalid("Request contains an invalid argument."));
            return;
        }
        List<Model> all = Model.CATALOGUE;
        int start = Math.clamp(from, 0, all.size());
        int end = Math.min(start + (size <= 0 ? DEFAULT_PAGE : size), all.size());
        ObjectNode body = Wire.object();
        all.subList(start, end).forEach(model -> body.withArray("models").add(describe(model)));
        if (end < all.size()) {
            body.put("nextPageToken", String.valueOf(end));
        }
        answer(request, 200, body);
    }

    private static void one(HttpServerRequest request, String version, String id) {
        Model.named(id)
                .ifPresentOrElse(
                        model -> answer(request, 200, describe(model)),
                        () -> refuse(
                                request,
                                RestError.notFound("models/" + id
                                        + " is not found for API version " + version + ", or is not supported for"
                                        + " bidiGenerateContent. Call ListModels to see the list of available models and"
                                        + " their supported methods.")));
    }

    private void createToken(HttpServerRequest request) {
        Optional<RestError> refusal = refusal(request);
        request.body().onSuccess(body -> {
            if (refusal.isPresent()) {
                refuse(request, refusal.get());
                return;
            }
            try {
                ObjectNode created = Wire.object();
                created.put("name", tokens.create(body.toString()));
                answer(request, 200, created);
            } catch (RefusedException e) {
                refuse(request, RestError.invalid(e.reason()));
            }
        });
    }

    private static ObjectNode describe(Model model) {
        ObjectNode body = Wire.object();
        body.put("name", model.name());
        body.put("version", "001");
        body.put("displayName", model.displayName());
        body.put("description", "Simulated by Livebridge");
        body.put("inputTokenLimit", 131_072);
        body.put("outputTokenLimit", model.family() == ModelFamily.NATIVE_2_5 ? 8_192 : 65_536);
        body.putArray("supportedGenerationMethods").add("bidiGenerateContent");
        return body;
    }

    private static Optional<RestError> refusal(HttpServerRequest request) {
        Credential credential = Credential.of(request);
        return switch (credential.verdict()) {
            case ACCEPTED -> Optional.empty();
            case MISSING ->
                Optional.of(new RestError(
                        403,
                        "PERMISSION_DENIED",
                        "Method doesn't allow unregistered callers (callers without established identity). Please use"
                                + " API Key or other form of API consumer identity to call this API.",
                        ""));
            case EXPIRED ->
                Optional.of(new RestError(
                        400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", "API_KEY_INVALID"));
            case NOT_VALID ->
                Optional.of(
                        credential.isNewerKey()
                                ? new RestError(
                                        401,
                                        "UNAUTHENTICATED",
                                        "Request had invalid authentication credentials.",
                                        "ACCESS_TOKEN_TYPE_UNSUPPORTED")
                                : new RestError(
                                        400,
                                        "INVALID_ARGUMENT",
                                        "API key not valid. Please pass a valid API key.",
                                        "API_KEY_INVALID"));
        };
    }

    private static void refuse(HttpServerRequest request, RestError error) {
        answer(request, error.code(), error.body());
    }

    private static void answer(HttpServerRequest request, int status, ObjectNode body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json; charset=UTF-8")
                .end(Wire.frame(body));
    }
}
