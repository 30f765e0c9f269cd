package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.livebridge.bridge.Spans;
import dev.livebridge.idp.Keycloak;
import dev.livebridge.idp.Provider;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Login, conversation and logout in a browser, and tokens of programs, with a real Keycloak. No secret and no subject
 * appears in logs (at TRACE), spans, metrics or responses of the service.
 */
@QuarkusTest
@Tag("browser")
@WithTestResource(Provider.class)
@TestProfile(LoginBrowserTest.TraceLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoginBrowserTest {

    private static final PatternFormatter MESSAGE_AND_CONTEXT = new PatternFormatter("%c %s %X %e");
    private static final String ANSWER = "I got your message";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

    @TestHTTPResource("/")
    URI service;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @TestHTTPResource(value = "/livebridge/sessions", management = true)
    URI sessions;

    @Inject
    Vertx vertx;

    @Inject
    Spans spans;

    @SuppressWarnings("NullAway.Init") // set by the resource
    Keycloak keycloak;

    /** Every log at TRACE, the access log, and spans. */
    public static class TraceLogs implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.log.min-level", "TRACE",
                    "quarkus.log.level", "TRACE",
                    "quarkus.log.console.level", "WARN",
                    "quarkus.http.access-log.enabled", "true",
                    "quarkus.otel.sdk.disabled", "false",
                    "quarkus.otel.traces.exporter", "none");
        }
    }

    private Chromium chromium;

    /** Secrets and subjects that must not appear, by their name in failures. */
    private final Map<String, String> canaries = new HashMap<>();

    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
            // Except the HTTP client of the test, which runs in the same process.
            if (!String.valueOf(logRecord.getLoggerName()).startsWith("org.apache.http")) {
                log.add(MESSAGE_AND_CONTEXT.format(ExtLogRecord.wrap(logRecord)));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    void launch() {
        Keycloak.require();
        chromium = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
        listener.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(listener);
        canaries.put("client secret", keycloak.clientSecret());
        canaries.put("password", keycloak.password());
        for (String user : List.of("talker", "leaver")) {
            canaries.put("subject of " + user, keycloak.subject(user));
            canaries.put("address of " + user, user + "@example.com");
        }
    }

    @AfterAll
    void quit() {
        Logger.getLogger("").removeHandler(listener);
        if (chromium != null) {
            chromium.close();
        }
    }

    /** Adds the signature of a token, which identifies it, to the canaries. */
    private String token(String name, String token) {
        canaries.put(name, token.substring(token.lastIndexOf('.') + 1));
        return token;
    }

    // ---- login -----------------------------------------------------------------------------------------------------

    private Talk logIn(Page page, String user) {
        page.setDefaultTimeout((double) PATIENCE.toMillis());
        page.onRequest(request -> authorizationCode(request.url(), user));
        page.navigate(service.toString());
        link(page, "Log in").click();
        page.locator("#username").fill(user);
        page.locator("#password").fill(keycloak.password());
        page.locator("#kc-login").click();
        page.waitForURL(service.toString());
        Talk talk = Talk.on(page);
        talk.button("Account").waitFor();
        for (Cookie cookie : sessionCookies(page.context(), service)) {
            canaries.put("cookie " + cookie.name + " of " + user, cookie.value);
        }
        return talk;
    }

    /** Adds the code with which the browser returns from the identity provider. */
    private void authorizationCode(String url, String user) {
        Matcher code = CODE.matcher(url);
        if (url.startsWith(service.toString()) && code.find()) {
            canaries.put("authorization code of " + user, code.group(1));
        }
    }

    private static com.microsoft.playwright.Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static List<Cookie> sessionCookies(BrowserContext context, URI service) {
        return context.cookies().stream()
                .filter(cookie -> cookie.domain.equals(service.getHost()) && cookie.name.startsWith("q_session"))
                .toList();
    }

    @Test
    @Order(1)
    void aPersonLogsInHasAConversationAndLogsOut() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();

            Talk talk = logIn(page, "talker");
            talk.type("What is two and two?");

            talk.awaitText(talk.articles("model").first(), ANSWER);
            List<Cookie> cookies = sessionCookies(context, service);
            assertTrue(!cookies.isEmpty());
            for (Cookie cookie : cookies) {
                assertTrue(cookie.httpOnly, cookie.name);
                assertTrue(cookie.secure, cookie.name);
                assertEquals(SameSiteAttribute.STRICT, cookie.sameSite, cookie.name);
            }
            talk.button("End").click();
            talk.awaitState("Ended");
            talk.button("Account").click();
            assertThat(page.getByText("You are logged in.")).isVisible();
            link(page, "Log out").click();
            link(page, "Log in").waitFor();
            assertEquals(List.of(), sessionCookies(context, service));
            link(page, "Log in").click();
            assertThat(page.locator("#username")).isVisible();
        }
    }

    @Test
    @Order(3)
    void theSessionHasTheKindOfTheCallerAndNotItsSubject() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            logIn(page, "talker");

            String session = (String) page.evaluate("() => fetch('/api/session').then((answer) => answer.text())");

            assertTrue(session.contains("\"admitted\":true"), session);
            assertTrue(session.contains("\"kind\":\"person\""), session);
            assertEquals(List.of(), found(List.of(session, page.content())));
        }
    }

    @Test
    @Order(4)
    void aConversationContinuesBeyondTheEndOfAToken() {
        keycloak.setTokenLifespan(Duration.ofSeconds(12));
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            Talk talk = logIn(page, "talker");
            talk.type("one");
            talk.awaitText(talk.articles("model").first(), ANSWER);
            long begun = System.nanoTime();

            // Twice the token's lifetime and the grace time.
            await().atMost(PATIENCE)
                    .until(() -> Duration.ofNanos(System.nanoTime() - begun).toSeconds() > 26);

            assertEquals(true, talk.value("conversation.live"), () -> details(page, talk));
            talk.type("two");
            talk.awaitText(talk.articles("model").last(), ANSWER);
            assertThat(talk.alert()).isEmpty();
        } finally {
            keycloak.setTokenLifespan(Duration.ofMinutes(5));
        }
    }

    @Test
    @Order(5)
    void aUserDisabledDuringAConversationIsWarnedAndTheConversationEnds() {
        keycloak.setTokenLifespan(Duration.ofSeconds(15));
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            Talk talk = logIn(page, "leaver");
            talk.type("one");
            talk.awaitText(talk.articles("model").first(), ANSWER);

            keycloak.setEnabled("leaver", false);

            await().pollInSameThread()
                    .atMost(PATIENCE)
                    .until(() -> page.locator(".notice.warning, .alert").count() > 0);
            assertEquals(1, page.locator(".notice.warning").count(), () -> details(page, talk));
            assertThat(page.locator(".notice.warning")).containsText("Your login ends in");
            talk.awaitState("Stopped");
            talk.awaitText(talk.alert(), "Your login has expired");
            assertThat(link(page, "Log in").first()).isVisible();
        } finally {
            keycloak.setTokenLifespan(Duration.ofMinutes(5));
            keycloak.setEnabled("leaver", true);
        }
    }

    @Test
    @Order(2)
    void aStolenCookieIsOfUseOnlyToAClientThatClaimsTheOriginOfThePage() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            logIn(page, "talker");
            String cookies = sessionCookies(context, service).stream()
                    .map(cookie -> cookie.name + "=" + cookie.value)
                    .collect(Collectors.joining("; "));
            String own = "http://127.0.0.1:" + service.getPort();

            assertEquals(403, upgrade(Map.of("Cookie", cookies, "Origin", "https://evil.example")), "another page");
            assertEquals(401, upgrade(Map.of("Cookie", cookies)), "a program");
            assertEquals(101, upgrade(Map.of("Cookie", cookies, "Origin", own)), "a program that claims an origin");
        }
    }

    private static String details(Page page, Talk talk) {
        return talk.alert().innerText() + "\n"
                + page.evaluate("() => fetch('/api/session').then((answer) => answer.text())") + "\n"
                + talk.value("diagnostics()");
    }

    // ---- programs --------------------------------------------------------------------------------------------------

    /** The status of the answer to an upgrade. */
    private int upgrade(Map<String, String> headers) {
        try {
            connect(headers).close().toCompletionStage().toCompletableFuture().join();
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UpgradeRejectedException rejected) {
                return rejected.getStatus();
            }
            throw e;
        }
    }

    private WebSocket connect(Map<String, String> headers) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(service.getPort())
                .setURI("/live")
                // Otherwise the client drops the header.
                .setAllowOriginHeader(headers.containsKey("Origin"));
        headers.forEach(options::addHeader);
        return vertx.createWebSocketClient()
                .connect(options)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    @Test
    @Order(6)
    void aProgramSendsAToken() {
        List<String> heard = new ArrayList<>();
        WebSocket socket = connect(bearer(token("access token", keycloak.accessToken("talker"))));
        Queue<String> received = new ConcurrentLinkedQueue<>();
        socket.textMessageHandler(received::add);

        socket.writeTextMessage("{\"setup\":{}}");
        socket.writeTextMessage("{\"text\":\"hello\"}");

        await().atMost(PATIENCE)
                .until(() -> received.stream().anyMatch(message -> message.contains("\"type\":\"turnComplete\"")));
        heard.addAll(received);
        assertTrue(heard.stream().anyMatch(message -> message.contains("\"type\":\"ready\"")), heard::toString);
        assertEquals(List.of(), found(heard));
        socket.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    @Order(7)
    void aTokenForAnotherServiceOrAForgedOneIsRefused() {
        String good = token("access token to forge", keycloak.accessToken("talker"));

        assertEquals(401, upgrade(bearer(token("foreign token", keycloak.tokenForAnotherService()))));
        assertEquals(401, upgrade(bearer(good.substring(0, good.length() - 8) + "AAAAAAAA")));
        assertEquals(401, upgrade(bearer("nonsense")));
        assertEquals(401, upgrade(Map.of()));
        assertEquals(101, upgrade(bearer(good)));
    }

    @Test
    @Order(8)
    void keysAreRotatedWithoutAnOutage() {
        String before = token("token of the old key", keycloak.accessToken("talker"));
        assertEquals(101, upgrade(bearer(before)));

        keycloak.rotateKeys();

        String after = token("token of the new key", keycloak.accessToken("talker"));
        assertNotEquals(before.substring(0, before.indexOf('.')), after.substring(0, after.indexOf('.')));
        assertEquals(101, upgrade(bearer(after)), "the keys are fetched again for an unknown kid");
        assertEquals(101, upgrade(bearer(before)), "the old key is still valid");
    }

    // ---- canaries --------------------------------------------------------------------------------------------------

    private List<String> found(Iterable<String> texts) {
        List<String> found = new ArrayList<>();
        for (String text : texts) {
            canaries.forEach((name, canary) -> {
                if (!canary.isEmpty() && text.contains(canary)) {
                    found.add(name + " in: "
                            + text.replace(canary, "…")
                                    .substring(0, Math.min(200, text.length() - canary.length() + 1)));
                }
            });
        }
        return found;
    }

    /** Runs after all other tests, because it checks their logs. */
    @Test
    @Order(100)
    void noCanaryIsInLogsSpansMetricsOrResponses() {
        assertTrue(canaries.size() > 8, canaries.keySet()::toString);
        assertTrue(log.stream().anyMatch(line -> line.contains("GET /live")), "the access log is captured");
        assertTrue(log.stream().anyMatch(line -> line.startsWith("io.netty")), "TRACE is captured");

        assertTrue(canaries.containsKey("authorization code of talker"), canaries.keySet()::toString);
        List<String> traced = spans.all().stream().map(Object::toString).toList();
        assertTrue(traced.stream().anyMatch(span -> span.contains("livebridge.conversation")), traced::toString);

        assertEquals(List.of(), found(traced));
        assertEquals(List.of(), found(log));
        assertEquals(
                List.of(),
                found(List.of(
                        RestAssured.get(metrics).asString(),
                        RestAssured.given()
                                .header("X-Livebridge-Operator", "yes")
                                .get(sessions)
                                .asString(),
                        RestAssured.get(service).asString(),
                        RestAssured.get(service + "api/session").asString(),
                        RestAssured.get(service + "login?state=x&code=y").asString())));
    }
}
