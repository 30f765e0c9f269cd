package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.livebridge.web.PageStatesBrowserTest.Look;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The page without a login, with a refused caller, and with an expired credential. The test replaces the service. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessBrowserTest {

    private static final String PERSON = """
            {"admitted":true,"kind":"person","loginUrl":"/login","logoutUrl":"/logout","ticketUrl":"/api/tickets",\
            "usageUrl":"/api/usage"}""";

    private static final String USAGE = """
            {"limits":[
              {"scope":"subject","kind":"conversations","used":1,"limit":2},
              {"scope":"subject","kind":"minutes","used":12.5,"limit":60,"resetsInMs":36000000},
              {"scope":"subject","kind":"usd","used":0.4,"limit":null},
              {"scope":"all","kind":"tokens","used":91000,"limit":90000}]}""";

    private static final String EXPIRING =
            "{\"type\":\"warning\",\"code\":\"auth_expiring\",\"message\":\"\",\"inMs\":60000}";

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

    private static String refused(String reason, String more) {
        return "{\"admitted\":false,\"reason\":\"" + reason + "\",\"loginUrl\":\"/login\"" + more + "}";
    }

    /** A page of a service that requires credentials, with changeable responses. */
    private final class Visit implements AutoCloseable {

        private final Map<String, String> answers = new HashMap<>(Map.of("usage", USAGE, "tickets", "{}"));
        private final BrowserContext context;
        private final Page page;
        private final FakeService fake;
        private int tickets;

        Visit(Browser.NewContextOptions how, String session) {
            answers.put("session", session);
            context = chromium.browser().newContext(how);
            page = context.newPage();
            fake = FakeService.behind(page);
            page.route(service.toString(), this::requireCredentials);
            page.route("**/api/*", this::answer);
            page.setDefaultTimeout(20_000);
            page.navigate(service.toString());
            page.locator("gemini-live .controls").waitFor();
        }

        private void requireCredentials(Route route) {
            APIResponse real = route.fetch();
            String open = "\"sessionUrl\":\"\"";
            String body = real.text();
            if (!body.contains(open)) {
                throw new AssertionError("the page of an open service has a session URL: " + body);
            }
            route.fulfill(new Route.FulfillOptions()
                    .setResponse(real)
                    .setBody(body.replace(open, "\"sessionUrl\":\"/api/session\"")));
        }

        private void answer(Route route) {
            String path = URI.create(route.request().url()).getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (name.equals("tickets")) {
                tickets++;
            }
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody(answers.getOrDefault(name, "")));
        }

        void respondWith(String name, String answer) {
            answers.put(name, answer);
        }

        Talk talk() {
            return Talk.on(page);
        }

        Locator link(String name) {
            return page.getByRole(
                    AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private Visit visit(String session) {
        return new Visit(Look.DESKTOP_LIGHT.options(), session);
    }

    @ParameterizedTest
    @CsvSource({"auth_missing", "auth_invalid", "auth_expired"})
    void withoutALoginThePageOffersTheLogin(String reason) {
        try (Visit visit = visit(refused(reason, ""))) {
            assertThat(visit.link("Log in")).hasAttribute("href", "/login");
            assertThat(visit.page.getByText("Log in to talk.")).isVisible();
            assertThat(visit.talk().button("Start")).hasCount(0);
            assertThat(visit.talk().alert()).isEmpty();
            assertEquals(0, visit.fake.connections());
        }
    }

    /** Typed text starts a conversation, too. */
    @Test
    void typedTextWithoutALoginShowsTheReason() {
        try (Visit visit = visit(refused("auth_missing", ""))) {
            visit.talk().type("hello");

            visit.talk().awaitText(visit.talk().alert(), "This service asks who you are");
            assertThat(visit.link("Log in").first()).isVisible();
            assertEquals(0, visit.fake.connections(), "no connection is attempted");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forbidden | '' | You are not allowed to talk here",
                "concurrency | '' | You have too many conversations open",
                "rate | ,\"retryAfterMs\":42000 | Try again in 42 seconds",
                "budget | ,\"retryAfterMs\":36000000 | Come back at ",
                "ambiguous_credentials | '' | Two different logins",
                "a_new_reason | '' | Something went wrong"
            })
    void reasonAndSolutionAreShownBeforeTheStart(String reason, String more, String words) {
        try (Visit visit = visit(refused(reason, more))) {
            visit.talk().awaitText(visit.talk().alert(), words);
            assertThat(visit.link("Log in")).hasCount(0);
            assertThat(visit.talk().button("Start")).isVisible();
        }
    }

    @Test
    void aLaterRefusalIsShownWithoutAConnection() {
        try (Visit visit = visit(PERSON)) {
            visit.respondWith("session", refused("concurrency", ""));

            visit.talk().start();

            visit.talk().awaitState("Stopped");
            visit.talk().awaitText(visit.talk().alert(), "End one, then try again");
            assertEquals(0, visit.fake.connections());
            visit.respondWith("session", PERSON);
            visit.talk().button("Try again").click();
            visit.talk().awaitTrue("conversation.live");
        }
    }

    @Test
    void theAccountShowsUsageAndLimits() {
        try (Visit visit = visit(PERSON)) {
            visit.talk().button("Account").click();

            Locator rows = visit.page.locator(".panel tbody tr");
            assertThat(rows).hasCount(4);
            assertThat(rows.nth(0)).containsText(Pattern.compile("Conversations now \\(yours\\)\\s+1\\s+1"));
            assertThat(rows.nth(1)).containsText(Pattern.compile("Minutes today \\(yours\\)\\s+12.5\\s+47.5"));
            assertThat(rows.nth(2)).containsText("no limit");
            assertThat(rows.nth(3)).containsText(Pattern.compile("91,000\\s+0"));
            assertThat(visit.link("Log out")).hasAttribute("href", "/logout");
        }
    }

    @Test
    void withoutALoginThereIsNoLogout() {
        try (Visit visit = visit("{\"admitted\":true,\"kind\":\"anonymous\"}")) {
            visit.talk().button("Account").click();

            assertThat(visit.page.getByText("You talk without a login.")).isVisible();
            assertThat(visit.link("Log out")).hasCount(0);
            assertThat(visit.page.getByText("No limits apply to you")).isVisible();
        }
    }

    @Test
    void anExpiringLoginIsRenewed() {
        try (Visit visit = visit(PERSON)) {
            visit.respondWith(
                    "tickets", "{\"protocols\":[\"livebridge\",\"livebridge.ticket.q7w8e9\"],\"expiresInMs\":30000}");
            visit.talk().start();
            visit.talk().awaitTrue("conversation.live");

            visit.fake.say(EXPIRING);

            visit.page.waitForCondition(() -> visit.fake.texts().stream()
                    .anyMatch(message -> message.at("/auth/token").asText().equals("livebridge.ticket.q7w8e9")));
            assertEquals(1, visit.tickets);
            assertThat(visit.page.locator(".notice.warning")).hasCount(0);
        }
    }

    @Test
    void aLoginThatCanNotBeRenewedShowsAWarningAndTheLogin() {
        try (Visit visit = visit(PERSON)) {
            visit.talk().start();
            visit.talk().awaitTrue("conversation.live");
            visit.respondWith("session", refused("auth_expired", ""));

            visit.fake.say(EXPIRING);

            assertThat(visit.page.locator(".notice.warning")).containsText("Your login ends in");
            assertThat(visit.link("Log in")).hasAttribute("href", "/login");
            assertEquals(0, visit.tickets);
            assertEquals(
                    0,
                    visit.fake.texts().stream()
                            .filter(message -> message.has("auth"))
                            .count());
        }
    }

    @ParameterizedTest
    @CsvSource({"4004, Your budget is used up", "4005, Your login has expired"})
    void anEndByBudgetOrExpiryIsShownAndNotRetried(int code, String words) {
        try (Visit visit = visit(PERSON)) {
            visit.talk().start();
            visit.talk().awaitTrue("conversation.live");

            visit.fake.close(code, "");

            visit.talk().awaitState("Stopped");
            visit.talk().awaitText(visit.talk().alert(), words);
            assertEquals(1, visit.fake.connections());
        }
    }

    @Test
    void theReasonsAreTranslated() {
        Browser.NewContextOptions german = Look.DESKTOP_LIGHT.options().setLocale("de-DE");
        try (Visit visit = new Visit(german, refused("auth_missing", ""))) {
            assertThat(visit.link("Anmelden")).isVisible();
            visit.respondWith("session", refused("budget", ",\"retryAfterMs\":36000000"));
            visit.page.locator("#message").fill("hallo");
            visit.page.locator("#message").press("Enter");
            visit.talk().awaitText(visit.talk().alert(), "Dein Guthaben ist verbraucht");
            visit.talk().awaitText(visit.talk().alert(), "Komm am ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyStateIsAccessibleAndFits(Look look) {
        try (Visit visit = new Visit(look.options(), refused("auth_missing", ""))) {
            visit.link("Log in").waitFor();
            PageStatesBrowserTest.check(visit.talk(), look, "20-log-in");
        }
        try (Visit visit = new Visit(look.options(), refused("budget", ",\"retryAfterMs\":36000000"))) {
            visit.talk().awaitText(visit.talk().alert(), "Come back");
            PageStatesBrowserTest.check(visit.talk(), look, "21-budget");
        }
        try (Visit visit = new Visit(look.options(), PERSON)) {
            visit.talk().button("Account").click();
            visit.page.locator(".panel tbody tr").first().waitFor();
            PageStatesBrowserTest.check(visit.talk(), look, "22-account");
            visit.talk().button("Close").click();
            visit.talk().start();
            visit.talk().awaitTrue("conversation.live");
            visit.respondWith("session", refused("auth_expired", ""));
            visit.fake.say(EXPIRING);
            visit.page.locator(".notice.warning").waitFor();
            PageStatesBrowserTest.check(visit.talk(), look, "23-login-ends");
            visit.fake.close(4005, "");
            visit.talk().awaitState("Stopped");
            PageStatesBrowserTest.check(visit.talk(), look, "24-login-ended");
        }
    }
}
