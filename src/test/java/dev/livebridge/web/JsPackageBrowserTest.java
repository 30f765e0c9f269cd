package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The installed npm package against the real service: in Node.js, in Chromium, and in the compiler of TypeScript. */
@QuarkusTest
@WithTestResource(EmbeddingHosts.class)
@Tag("browser")
class JsPackageBrowserTest {

    private static final Path INSTALLED = JsPackage.FOLDER.resolve("node_modules/livebridge-client");
    private static final Path EXAMPLES = Path.of("clients/js/examples");
    private static final String ANSWER = "I got your message";

    @TestHTTPResource("/")
    URI service;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        JsPackage.install();
    }

    @Test
    void aProgramOfNodeHoldsAConversation() throws IOException, InterruptedException {
        copy("talk.mjs");

        String output = JsPackage.run(JsPackage.FOLDER, List.of("node", "talk.mjs", service.toString()));

        assertTrue(output.contains(ANSWER), output);
        Matcher samples = Pattern.compile("(\\d+) samples").matcher(output);
        assertTrue(samples.find(), output);
        assertTrue(Integer.parseInt(samples.group(1)) > 24_000, output);
    }

    @Test
    void aPageOfTenLinesHasTheElementAndTheClient() {
        String host = ConfigProvider.getConfig().getValue(EmbeddingHosts.ALLOWED, String.class);
        try (Chromium chromium = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
                BrowserContext context = chromium.browser().newContext();
                Page page = context.newPage()) {
            List<String> scripts = new ArrayList<>();
            page.onRequest(request -> {
                if (request.resourceType().equals("script")) {
                    scripts.add(request.url());
                }
            });
            page.navigate(host + "/page.html");
            assertThat(page.locator("#answer")).containsText(ANSWER, new ContainsTextOptions().setTimeout(20_000));
            Talk talk = Talk.on(page);

            talk.start();
            talk.awaitState("Listening");
            talk.type("What is two and two?");
            talk.awaitText(talk.articles("model").first(), ANSWER);

            assertTrue(scripts.stream().allMatch(address -> address.startsWith(host)), scripts::toString);
        }
    }

    @Test
    void theTypesFitAProgram() throws IOException, InterruptedException {
        copy("types.ts");

        JsPackage.run(
                JsPackage.FOLDER,
                List.of(
                        "node",
                        Path.of("node_modules/typescript/bin/tsc")
                                .toAbsolutePath()
                                .toString(),
                        "--ignoreConfig",
                        "--noEmit",
                        "--strict",
                        "--target",
                        "es2023",
                        "--module",
                        "nodenext",
                        "--lib",
                        "es2023,dom",
                        "--types",
                        "",
                        "types.ts"));
    }

    @Test
    void theClientIsSmallAndNeedsNoOtherPackage() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(Files.readAllBytes(INSTALLED.resolve("dist/client.js")));
        }
        System.out.printf("client of the npm package: %d bytes, gzip%n", packed.size());
        assertTrue(packed.size() <= 10_000, packed.size() + " bytes");

        JsonNode manifest = new ObjectMapper().readTree(Files.readString(INSTALLED.resolve("package.json")));
        assertTrue(manifest.path("dependencies").isMissingNode());
        assertTrue(manifest.path("peerDependencies").isMissingNode());
        assertEquals("Apache-2.0", manifest.path("license").asText());
        assertEquals(Files.readString(Path.of("LICENSE")), Files.readString(INSTALLED.resolve("LICENSE")));
        Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(version.find());
        assertEquals(version.group(1), manifest.path("version").asText());
    }

    @Test
    void theExamplesOfItsPageAreTheTestedFiles() throws IOException {
        String page = Files.readString(INSTALLED.resolve("README.md"));

        assertTrue(page.contains("```js\n" + Files.readString(EXAMPLES.resolve("talk.mjs")) + "```"));
        assertTrue(page.contains("```html\n" + Files.readString(EXAMPLES.resolve("page.html")) + "```"));
    }

    private static void copy(String example) throws IOException {
        Files.copy(EXAMPLES.resolve(example), JsPackage.FOLDER.resolve(example), StandardCopyOption.REPLACE_EXISTING);
    }
}
