package dev.livebridge.access.request;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET models[/ID]}: what the simulator offers and the caller may use. */
@QuarkusTest
@TestProfile(AccessProfile.class)
class ModelsRouteTest {

    @TestHTTPResource("/")
    URI server;

    private static String key(String id) throws IOException {
        return Files.readString(AccessProfile.directory().resolve("key-" + id));
    }

    private ValidatableResponse get(String path) throws IOException {
        return given().header("x-goog-api-key", key("server"))
                .get(server + path)
                .then();
    }

    @Test
    void everyVersionListsTheModelsWithTheDetailsOfTheBackend() throws IOException {
        for (String version : List.of("v1", "v1beta", "v1alpha")) {
            get(version + "/models")
                    .statusCode(200)
                    .contentType("application/json")
                    .body("models[0].name", equalTo("models/gemini-3.8-live"))
                    .body("models[0].inputTokenLimit", equalTo(131_072))
                    .body("models[0].supportedGenerationMethods", equalTo(List.of("bidiGenerateContent")))
                    .body("models.name", hasItem("models/gemini-3.8-live-extended-thinking"))
                    .body("nextPageToken", nullValue());
        }
    }

    @Test
    void pagesHoldAllModelsOnce() throws IOException {
        List<String> all = get("v1beta/models?pageSize=1000").extract().path("models.name");
        List<String> paged = new ArrayList<>();
        String next = "";
        while (next != null) {
            ValidatableResponse page =
                    get("v1beta/models?pageSize=2&pageToken=" + next).statusCode(200);
            paged.addAll(page.extract().path("models.name"));
            next = page.extract().path("nextPageToken");
        }

        assertEquals(all, paged);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pageSize=-1", "pageSize=x", "pageToken=x", "pageToken=999", "pageToken=-1"})
    void aWrongPageIsRefused(String query) throws IOException {
        get("v1beta/models?" + query).statusCode(400).body("error.status", equalTo("INVALID_ARGUMENT"));
    }

    @Test
    void oneModelIsFoundByItsName() throws IOException {
        get("v1/models/gemini-3.8-live")
                .statusCode(200)
                .body("name", equalTo("models/gemini-3.8-live"))
                .body("displayName", equalTo("Gemini 3.8 Live"));
        get("v1/models/gemini-x")
                .statusCode(404)
                .body("error.status", equalTo("NOT_FOUND"))
                .body("error.message", startsWith("models/gemini-x is not found for API version v1, or"));
    }

    @Test
    void agentsAreModels() throws IOException {
        get("v1/models?pageSize=1000").statusCode(200).body("models.name", hasItem("models/agent-tutor"));
        get("v1/models/agent-tutor")
                .statusCode(200)
                .body("displayName", equalTo("Language tutor"))
                .body("supportedGenerationMethods", equalTo(List.of("bidiGenerateContent")));
        get("v1/models/agent-none").statusCode(404);
    }

    @Test
    void aRefusalHasGooglesShape() throws IOException {
        given().get(server + "v1beta/models")
                .then()
                .statusCode(403)
                .body("error.status", equalTo("PERMISSION_DENIED"))
                .body("error.message", startsWith("Method doesn't allow unregistered callers"));
        given().queryParam("key", "AI" + "za" + "A".repeat(35))
                .get(server + "v1beta/models")
                .then()
                .statusCode(400)
                .body("error.details[0].reason", equalTo("API_KEY_INVALID"))
                .body("error.message", equalTo("API key not valid. Please pass a valid API key."));
        given().header("Authorization", "Bearer nonsense")
                .get(server + "v1beta/models/gemini-3.8-live")
                .then()
                .statusCode(401)
                .body("error.status", equalTo("UNAUTHENTICATED"));
        given().header("x-goog-api-key", key("server"))
                .header("Origin", "https://evil.example")
                .get(server + "v1beta/models")
                .then()
                .statusCode(403);
    }
}
