package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SDKs parse errors as JSON, not HTML. */
@QuarkusTest
class GeminiRestPathsTest {

    @TestHTTPResource("/")
    URI server;

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/models",
        "GET, //v1beta/models/gemini-3.8-live:countTokens?key=hidden-key",
        "GET, /v1beta/models/",
        "GET, /v1alpha/auth_tokens?key=hidden-key",
        "DELETE, /v1alpha/auth_tokens/x",
        "POST, /v1beta/models/gemini-3.8-live:generateContent",
        "DELETE, /v1beta1/cachedContents/%22%3Cx",
    })
    void whatIsNotServedIsRefusedInGeminisForm(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(method, path);

        assertEquals(404, answer.statusCode());
        assertEquals(
                "application/json; charset=UTF-8",
                answer.headers().firstValue("content-type").orElse(""));
        JsonNode error = new ObjectMapper().readTree(answer.body()).path("error");
        assertEquals(404, error.path("code").asInt());
        assertEquals("NOT_FOUND", error.path("status").asText());
        assertTrue(error.path("message").asText().startsWith(method + " /"), answer.body());
        assertTrue(error.path("message").asText().contains(" is not served here: "), answer.body());
        assertFalse(answer.body().contains("hidden-key"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models", "/v1x/models", "/x/v1/models"})
    void otherPathsAreNoneOfGeminis(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = call("GET", path);

        assertEquals(404, answer.statusCode());
        assertFalse(answer.body().contains("NOT_FOUND"), answer.body());
    }

    private HttpResponse<String> call(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + server.getHost() + ":" + server.getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{\"uses\":1}" : ""))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
