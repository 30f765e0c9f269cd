package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocket;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code ticket-url} in a real browser against the real service. A browser closes a socket whose server chooses none of
 * the subprotocols that were offered, and no fake of a socket does that.
 */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TicketBrowserTest {

    private static final String TICKET = "{\"protocols\":[\"livebridge\",\"ticket.q7w8e9\"]}";

    private static final String ANSWER = "I got your message";

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

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
    void aTicketGoesAlongAndTheConversationTakesPlace() {
        onPage((page, asked) -> {
            page.route("**/ticket", route -> answer(route, 200, TICKET));
            List<WebSocket> sockets = new ArrayList<>();
            page.onWebSocket(sockets::add);
            Talk talk = open(page);

            talk.type("What is two and two?");

            talk.awaitText(talk.articles("model").first(), ANSWER);
            assertEquals(1, asked.size());
            assertEquals("POST", asked.get(0).method());
            assertEquals(1, sockets.size());
            assertTrue(!sockets.get(0).url().contains("q7w8e9"), "an address ends up in logs");
            assertThat(talk.alert()).isEmpty();
        });
    }

    @Test
    void eachConnectionHasATicketOfItsOwn() {
        onPage((page, asked) -> {
            page.route(
                    "**/ticket",
                    route -> answer(route, 200, "{\"protocols\":[\"livebridge\",\"ticket." + asked.size() + "\"]}"));
            Talk talk = open(page);
            talk.type("one");
            talk.awaitText(talk.articles("model").first(), ANSWER);
            talk.button("End").click();
            talk.awaitState("Ended");

            talk.type("two");

            talk.awaitText(talk.articles("model").nth(1), ANSWER);
            assertEquals(2, asked.size());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | '' | You are not allowed to begin a conversation",
                "403 | 'no' | You are not allowed to begin a conversation",
                "404 | '' | You are not allowed to begin a conversation",
                "200 | '<html>Sign in</html>' | could not be read",
                "200 | '{\"protocols\":[\"livebridge\"' | could not be read",
                "200 | '{\"protocols\":[\"not a token\"]}' | could not be read",
                "200 | '{\"protocols\":[]}' | could not be read"
            })
    void aRefusedOrBrokenTicketIsSaidAndNotAskedForAgain(int status, String body, String words) {
        onPage((page, asked) -> {
            page.route("**/ticket", route -> answer(route, status, body));
            Talk talk = open(page);

            talk.type("hi");

            talk.awaitText(talk.alert(), words);
            talk.awaitState("Stopped");
            page.waitForTimeout(1_500);
            assertEquals(1, asked.size());
            assertThat(talk.button("Try again")).isVisible();
        });
    }

    @Test
    void aTicketServerThatFailsIsAskedAFewTimesAndThenWhenThePersonWants() {
        onPage((page, asked) -> {
            page.addInitScript("Math.random = () => 0;");
            page.route("**/ticket", route -> answer(route, 503, ""));
            Talk talk = open(page);

            talk.type("hi");

            talk.awaitText(talk.alert(), "The ticket server cannot be reached at the moment");
            talk.awaitState("Stopped");
            assertEquals(4, asked.size());
            talk.screenshot("ticket", "unavailable");
            page.unroute("**/ticket");
            page.route("**/ticket", route -> answer(route, 200, TICKET));

            talk.type("again");

            talk.awaitText(talk.articles("model").first(), ANSWER);
        });
    }

    @Test
    void aTicketServerThatSaysNothingIsNotWaitedForForEver() {
        onPage((page, asked) -> {
            page.addInitScript("""
                    Math.random = () => 0;
                    const real = AbortSignal.timeout.bind(AbortSignal);
                    AbortSignal.timeout = (ms) => { window.waited = ms; return real(300); };
                    """);
            page.route("**/ticket", route -> {});
            Talk talk = open(page);

            talk.type("hi");

            talk.awaitText(talk.alert(), "The ticket server did not answer in time");
            talk.awaitState("Stopped");
            assertEquals(2, asked.size());
            assertEquals(10_000, page.evaluate("() => window.waited"));
        });
    }

    @Test
    void aServiceThatChoosesNoneOfTheProtocolsIsNotTriedForEver() {
        onPage((page, asked) -> {
            page.addInitScript("Math.random = () => 0;");
            page.route("**/ticket", route -> answer(route, 200, "{\"protocols\":[\"another.protocol\"]}"));
            Talk talk = open(page);

            talk.type("hi");

            talk.awaitTrue("conversation.state.phase === 'failed'", Duration.ofMinutes(2));
            talk.awaitText(talk.alert(), "The service cannot be reached");
            assertEquals(31, asked.size());
        });
    }

    private static void answer(Route route, int status, String body) {
        route.fulfill(new Route.FulfillOptions()
                .setStatus(status)
                .setContentType("application/json")
                .setBody(body));
    }

    private Talk open(Page page) {
        Talk talk = Talk.open(page, service.toString());
        page.evaluate("() => { document.querySelector('gemini-live').ticketUrl = '/ticket'; }");
        return talk;
    }

    private void onPage(Visit visit) {
        try (BrowserContext context =
                chromium.browser().newContext(new Browser.NewContextOptions().setLocale("en-GB"))) {
            Page page = context.newPage();
            List<Request> asked = new ArrayList<>();
            page.onRequest(request -> {
                if (request.url().endsWith("/ticket")) {
                    asked.add(request);
                }
            });
            visit.on(page, asked);
        }
    }

    @FunctionalInterface
    private interface Visit {
        void on(Page page, List<Request> asked);
    }
}
