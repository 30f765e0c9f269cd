package dev.livebridge.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PageResourceTest {

    private static final Pattern SCRIPT = Pattern.compile("<script type=\"module\" src=\"([^\"]+)\"");
    private static final Pattern STATIC_IMPORT = Pattern.compile("(?:from|import)\\s*\"(/static/bundle/[^\"]+)\"");
    private static final Pattern CONFIGURATION =
            Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

    @Test
    void theShellIsSmallAndNamesNoOtherHost() {
        String page = page();

        assertTrue(page.length() <= 8 * 1024, () -> page.length() + " characters");
        Matcher address = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
        int addresses = 0;
        while (address.find()) {
            addresses++;
            assertTrue(address.group(1).matches("/static/.*|data:.*"), address.group(1));
        }
        assertTrue(addresses >= 3, "bundle, style and icon");
    }

    @Test
    void theConfigurationTellsWhatThePageMayOffer() throws IOException {
        JsonNode configuration = configuration(page());

        assertEquals("/live", configuration.at("/endpoint").asText());
        assertEquals("simulator", configuration.at("/backend").asText());
        assertTrue(configuration.at("/simulated").asBoolean());
        String model = configuration.at("/defaultModel").asText();
        assertEquals(model, configuration.at("/models/0/id").asText(), "the default comes first");
        assertEquals(1_048_576, configuration.at("/limits/maxMessageBytes").asInt());
        assertFalse(configuration.at("/developer").asBoolean(true), "only in dev mode");
        assertEquals(3.0, configuration.at("/prices/" + model + "/inputAudio").asDouble());
        assertEquals(1.0, configuration.at("/limits/framesPerSecond").asDouble());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ar-EG,ar;q=0.9,en;q=0.5 | ar      | rtl | تحدّث مع Gemini
            ja                      | ja      | ltr | リアルタイム
            zh-TW, zh;q=0.9         | zh-Hans | ltr | 实时对话
            pt-BR                   | pt      | ltr | Converse
            es-419                  | es      | ltr | Habla
            fr-CA                   | fr      | ltr | Parlez
            nl, de;q=0.8            | de      | ltr | Sprich mit
            de;q=0, en              | en      | ltr | Talk with
            nl                      | en      | ltr | Talk with
            *                       | en      | ltr | Talk with
            ar;q=many               | en      | ltr | Talk with
            ;;,,                    | en      | ltr | Talk with
            """)
    void thePageIsInTheLanguageThatTheBrowserAsksFor(
            String accepted, String language, String direction, String description) {
        given().header("Accept-Language", accepted)
                .when()
                .get("/")
                .then()
                .statusCode(200)
                .header("Vary", containsString("Accept-Language"))
                .body(containsString("<html lang=\"%s\" dir=\"%s\">".formatted(language, direction)))
                .body(containsString(description));
    }

    @Test
    void nothingInTheConfigurationCanEndItsScript() {
        Matcher configuration = CONFIGURATION.matcher(page());

        assertTrue(configuration.find());
        assertFalse(configuration.group(1).contains("<"));
    }

    @Test
    void browsersAreToldToTrustNothingElse() {
        given().when()
                .get("/")
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith("text/html"))
                .header("Content-Security-Policy", equalTo(SecurityHeaders.contentSecurityPolicy(List.of())))
                .header("Content-Security-Policy", containsString("script-src 'self';"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Permissions-Policy", equalTo(SecurityHeaders.PERMISSIONS_POLICY))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .header("Referrer-Policy", equalTo("no-referrer"))
                .header("Cross-Origin-Opener-Policy", equalTo("same-origin"))
                .header("Cross-Origin-Resource-Policy", equalTo("same-origin"))
                .header("Cache-Control", containsString("no-cache"))
                .header("Strict-Transport-Security", nullValue());
    }

    @Test
    void onlyNamedOriginsMayFrameThePage() {
        String two = SecurityHeaders.contentSecurityPolicy(List.of("https://a.example", "http://localhost:8000"));

        assertEquals(
                "frame-ancestors https://a.example:443 http://localhost:8000",
                two.substring(two.indexOf("frame-ancestors")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "'self'", "https:", "a.example", "https://a.example/", "https://a.example; script-src *", ""
            })
    void aFramerThatIsNoOriginStopsTheStart(String framer) {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class, () -> SecurityHeaders.contentSecurityPolicy(List.of(framer)));

        assertEquals(
                "livebridge.browser.allowed-framers: '" + framer
                        + "' is not an origin; write scheme://host or scheme://host:port, without a path",
                thrown.getMessage());
    }

    @Test
    void textBecomesHtmlInTwoPlacesOnly() {
        given().when()
                .get("/")
                .then()
                .header("Content-Security-Policy", containsString("require-trusted-types-for 'script'"))
                .header("Content-Security-Policy", containsString("trusted-types lit-html dompurify"));
    }

    @Test
    void onlyHostsWhosePagesAllComeOverTlsInsistOnIt() {
        assertEquals(
                Set.of("live.example.com", "talk.example.com"),
                SecurityHeaders.hostsWithTls(List.of(
                        "https://live.example.com",
                        "https://talk.example.com:8443",
                        "https://both.example.com",
                        "http://both.example.com",
                        "http://plain.example.com",
                        "*")));
        assertEquals(Set.of(), SecurityHeaders.hostsWithTls(List.of()));
    }

    @Test
    void bundlesAndMissingPagesBearTheHeadersToo() {
        for (String path : Set.of(script(page()), "/nowhere")) {
            given().when()
                    .get(path)
                    .then()
                    .header("Content-Security-Policy", equalTo(SecurityHeaders.contentSecurityPolicy(List.of())))
                    .header("X-Content-Type-Options", equalTo("nosniff"));
        }
    }

    @Test
    void theFirstLoadIsWithinItsBudget() throws IOException {
        int total = 0;
        for (String path : withImports(script(page()))) {
            total += gzipped(path);
        }

        System.out.printf("first load: %d bytes of JavaScript, gzip%n", total);
        assertTrue(total <= 60 * 1024, total + " bytes");
    }

    @Test
    void theStyleSheetIsWithinItsBudget() throws IOException {
        Matcher sheet = Pattern.compile("<link[^>]+href=\"(/static/bundle/[^\"]+\\.css)\"")
                .matcher(page());
        assertTrue(sheet.find());

        int size = gzipped(sheet.group(1));

        System.out.printf("style sheet: %d bytes, gzip%n", size);
        assertTrue(size <= 10 * 1024, size + " bytes");
    }

    @Test
    void eachWorkletIsWithinItsBudget() throws IOException {
        JsonNode configuration = configuration(page());
        for (String member : Set.of("captureUrl", "playbackUrl")) {
            int total = 0;
            for (String path : withImports(configuration.get(member).asText())) {
                total += gzipped(path);
            }
            System.out.printf("%s: %d bytes, gzip%n", member, total);
            assertTrue(total <= 4 * 1024, member + ": " + total + " bytes");
        }
    }

    private static String page() {
        return given().when().get("/").then().statusCode(200).extract().asString();
    }

    private static JsonNode configuration(String page) throws IOException {
        Matcher configuration = CONFIGURATION.matcher(page);
        assertTrue(configuration.find());
        return new ObjectMapper().readTree(configuration.group(1));
    }

    private static String script(String page) {
        Matcher script = SCRIPT.matcher(page);
        assertTrue(script.find(), page);
        return script.group(1);
    }

    /** A module and its static imports. */
    private static Set<String> withImports(String path) {
        Set<String> all = new LinkedHashSet<>();
        collect(path, all);
        return all;
    }

    private static void collect(String path, Set<String> all) {
        if (!all.add(path)) {
            return;
        }
        Matcher imported = STATIC_IMPORT.matcher(body(path));
        while (imported.find()) {
            collect(imported.group(1), all);
        }
    }

    private static int gzipped(String path) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body(path).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return packed.size();
    }

    private static String body(String path) {
        return given().when().get(path).then().statusCode(200).extract().asString();
    }
}
