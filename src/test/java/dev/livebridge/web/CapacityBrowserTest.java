package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The page in front of a service that admits nobody at the moment. The service is real. */
@QuarkusTest
@TestProfile(CapacityBrowserTest.OnePlace.class)
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapacityBrowserTest {

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

    /** A service for one conversation, that waits a second for its client. */
    public static class OnePlace implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("livebridge.session.max-per-instance", "1", "livebridge.session.resume-grace", "1s");
        }
    }

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void aFullServiceIsNamedAndThePersonIsLetInWhenThereIsRoom() {
        try (BrowserContext first = chromium.browser().newContext();
                BrowserContext second = chromium.browser()
                        .newContext(new Browser.NewContextOptions()
                                .setColorScheme(ColorScheme.DARK)
                                .setViewportSize(390, 844))) {
            Talk seated = Talk.open(first.newPage(), service.toString());
            seated.type("hello");
            seated.awaitText(seated.articles("model").first(), "\\w");
            Page page = second.newPage();
            Talk waiting = Talk.open(page, service.toString());

            waiting.start();

            waiting.awaitState("Waiting");
            waiting.awaitText(
                    page.locator(".caption"),
                    "The service is full\\. You are let in as soon as there is room \\(next try in [1-9] seconds?\\)\\.");
            assertThat(waiting.button("Cancel")).isVisible();
            assertThat(waiting.button("Retry now")).isVisible();
            waiting.screenshot("capacity", "full-phone-dark");

            seated.button("End").click();
            waiting.awaitPhase("listening");
        }
    }

    @Test
    void aProxyWithoutItsServiceIsNamed() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            Talk talk = Talk.open(page, service.toString());
            page.evaluate("endpoint => { document.querySelector('gemini-live').endpoint = endpoint; }", "/nowhere");
            page.route(
                    "**/api/session?*",
                    route -> route.fulfill(
                            new Route.FulfillOptions().setStatus(502).setBody("<h1>Bad Gateway</h1>")));

            talk.start();

            talk.awaitText(
                    page.locator(".caption"), "The service is down at the moment\\. Retrying in \\d seconds?\\.");
            talk.screenshot("capacity", "down");
        }
    }

    @Test
    void aPageOfAnotherOriginIsToldThatItsAddressIsNotAllowed() {
        try (BrowserContext context =
                chromium.browser().newContext(new Browser.NewContextOptions().setBypassCSP(true))) {
            Page page = context.newPage();
            Talk talk = Talk.open(page, service.toString());
            page.evaluate("endpoint => { document.querySelector('gemini-live').endpoint = endpoint; }", "/nowhere");
            page.route("**/api/session?*", route -> {
                String url = route.request().url().replaceAll("origin=[^&]*", "origin=https%3A%2F%2Fevil.example");
                route.fulfill(
                        new Route.FulfillOptions().setResponse(route.fetch(new Route.FetchOptions().setUrl(url))));
            });

            talk.start();

            talk.awaitText(talk.alert(), "This page may not use the service");
            talk.awaitState("Stopped");
        }
    }
}
