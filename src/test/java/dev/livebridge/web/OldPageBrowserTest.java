package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.sun.net.httpserver.HttpServer;
import dev.livebridge.simulator.ConnectionStatistics;
import dev.livebridge.simulator.Picture;
import dev.livebridge.simulator.Simulator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An unchanged page of the tutorial, served from another port, works with the service. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OldPageBrowserTest {

    private static final double PATIENCE_MS = 60_000;

    @TestHTTPResource("/")
    URI service;

    @Inject
    Simulator simulator;

    private Chromium chromium;
    private HttpServer pages;

    @BeforeAll
    void serveThePage() throws IOException {
        byte[] page;
        try (InputStream resource = OldPageBrowserTest.class.getResourceAsStream("/web/tutorial-page.html")) {
            page = resource.readAllBytes();
        }
        pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        pages.start();
        chromium = Chromium.launch(Voice.speech(2, 6), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (pages != null) {
            pages.stop(0);
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void itIsHeardSeenAndAnsweredAloud() {
        try (BrowserContext context = newContext()) {
            Page page = open(context, "AUDIO");

            page.locator("#start").click();

            page.waitForFunction("() => window.heard >= 24_000", null, patience());
            assertTrue(((Number) page.evaluate("() => window.batches")).intValue() >= 1);
            assertEquals(0, page.locator("#log p").count(), "an answer that was asked for aloud is not written");
            Picture picture = await().atMost(Duration.ofSeconds(20))
                    .until(() -> newest().lastPicture(), Optional::isPresent)
                    .orElseThrow();
            assertTrue(picture.jpeg());
            assertEquals(640, picture.width());
            // Two batches of three seconds, but for what was lost before the page listened.
            await().atMost(Duration.ofSeconds(20)).until(() -> newest().audio().bytes() >= 3 * 32_000);
        }
    }

    @Test
    void anAnswerInTextIsWritten() {
        try (BrowserContext context = newContext()) {
            Page page = open(context, "TEXT");

            page.locator("#start").click();

            assertThat(page.locator("#log"))
                    .containsText(Pattern.compile("You said"), new ContainsTextOptions().setTimeout(PATIENCE_MS));
            assertEquals(0, page.evaluate("() => window.heard"), "an answer that was asked for in text is not spoken");
        }
    }

    private BrowserContext newContext() {
        return chromium.browser()
                .newContext(new Browser.NewContextOptions().setPermissions(List.of("microphone", "camera")));
    }

    private Page open(BrowserContext context, String modality) {
        Page page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        String socket = "ws://localhost:" + service.getPort() + "/";
        page.navigate("http://localhost:" + pages.getAddress().getPort() + "/?modality=" + modality + "&service="
                + URLEncoder.encode(socket, UTF_8));
        return page;
    }

    private static Page.WaitForFunctionOptions patience() {
        return new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS);
    }

    private ConnectionStatistics newest() {
        List<ConnectionStatistics> all = simulator.statistics().connections();
        return all.get(all.size() - 1);
    }
}
