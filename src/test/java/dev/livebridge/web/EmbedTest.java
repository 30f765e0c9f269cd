package dev.livebridge.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the service that the element needs on pages of other origins. */
@QuarkusTest
class EmbedTest {

    private static final String SCRIPT = "/embed/gemini-live.js";
    private static final String ALLOWED = "http://localhost:8000";
    private static final String FOREIGN = "https://evil.example";
    private static final String MAY_READ = "Access-Control-Allow-Origin";

    @Test
    void theScriptHasANameThatStaysAndIsAskedForAgain() {
        String tag = given().header("Origin", FOREIGN)
                .get(SCRIPT)
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith("text/javascript"))
                .header("Cache-Control", "no-cache")
                .header(MAY_READ, "*")
                .header("Cross-Origin-Resource-Policy", "cross-origin")
                .body(containsString("import '/static/bundle/embed"))
                .extract()
                .header("ETag");

        given().header("If-None-Match", tag)
                .get(SCRIPT)
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .header("Cache-Control", "no-cache")
                .header(MAY_READ, "*")
                .body(emptyString());
        given().header("If-None-Match", "\"embed-OLD.js\"").get(SCRIPT).then().statusCode(200);
    }

    @Test
    void pagesOfEveryOriginMayLoadTheBundles() {
        String bundle = configuration().get("captureUrl").asText();

        given().header("Origin", FOREIGN)
                .get(bundle)
                .then()
                .statusCode(200)
                .header(MAY_READ, "*")
                .header("Cross-Origin-Resource-Policy", "cross-origin");
    }

    @Test
    void pagesOfAllowedOriginsReadTheConfigurationThatThePageHasEmbedded() throws IOException {
        String page = given().get("/").asString();
        Matcher embedded = Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertTrue(embedded.find());

        assertEquals(new ObjectMapper().readTree(embedded.group(1)), configuration());
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREIGN, "null", "file://", "http://localhost:8000/"})
    void otherPagesReadWhyNot(String origin) {
        given().header("Origin", origin)
                .get("/live/config")
                .then()
                .statusCode(403)
                .header(MAY_READ, "*")
                .header("Cache-Control", "no-store")
                .body("error.code", equalTo("origin"))
                .body("error.message", containsString("livebridge.browser.allowed-origins"))
                .body("models", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/session", "/api/usage"})
    void onlyPagesOfAllowedOriginsReadWhatIsSaidAboutTheCaller(String path) {
        given().header("Origin", ALLOWED)
                .get(path)
                .then()
                .header(MAY_READ, ALLOWED)
                .header("Access-Control-Allow-Credentials", nullValue())
                .header("Vary", containsString("Origin"));
        given().header("Origin", FOREIGN).get(path).then().header(MAY_READ, nullValue());
        given().get(path).then().header(MAY_READ, nullValue());
    }

    @Test
    void aPageOfAnAllowedOriginReadsItsTicket() {
        given().header("Origin", ALLOWED).post("/api/tickets").then().header(MAY_READ, ALLOWED);
        given().header("Origin", FOREIGN)
                .post("/api/tickets")
                .then()
                .statusCode(403)
                .header(MAY_READ, nullValue());
    }

    @Test
    void thePageItselfIsForItsOwnOriginOnly() {
        given().header("Origin", ALLOWED)
                .get("/")
                .then()
                .header(MAY_READ, nullValue())
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"));
    }

    /** The page of the documentation has the pages that {@link EmbedBrowserTest} opens. */
    @Test
    void theExamplesOfTheDocumentationAreTheTestedFiles() throws IOException {
        String page = Files.readString(Path.of("docs/web-client.md"));
        List<String> shown = new ArrayList<>();
        Matcher blocks =
                Pattern.compile("(?s)```html\n(<!doctype html>.*?)\n```").matcher(page);
        while (blocks.find()) {
            shown.add(blocks.group(1) + "\n");
        }

        for (String name : List.of("plain", "strict", "frame")) {
            assertTrue(shown.remove(Files.readString(Path.of("docs/examples/embed", name + ".html"))), name);
        }
        assertEquals(List.of(), shown, "complete pages that are no tested files");
    }

    private static JsonNode configuration() {
        try {
            return new ObjectMapper()
                    .readTree(given().header("Origin", ALLOWED)
                            .get("/live/config")
                            .then()
                            .statusCode(200)
                            .header(MAY_READ, "*")
                            .extract()
                            .asString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
