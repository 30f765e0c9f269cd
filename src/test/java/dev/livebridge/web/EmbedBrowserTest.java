package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of {@code docs/examples/embed} in a real browser, on pages of other origins than the service. */
@QuarkusTest
@WithTestResource(EmbeddingHosts.class)
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbedBrowserTest {

    private static final String ANSWER = "I got your message";

    private String allowed = "";
    private String refused = "";
    private Chromium chromium;

    @BeforeAll
    void launch() {
        allowed = ConfigProvider.getConfig().getValue(EmbeddingHosts.ALLOWED, String.class);
        refused = ConfigProvider.getConfig().getValue(EmbeddingHosts.REFUSED, String.class);
        chromium = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private void onPage(Consumer<Page> test) {
        onPage(new Browser.NewContextOptions().setLocale("en-US"), "favicon", test);
    }

    /**
     * Fails after the test if the browser reported an error on the page.
     *
     * @param expected part of the errors that it must report
     */
    private void onPage(Browser.NewContextOptions options, String expected, Consumer<Page> test) {
        List<String> errors = new ArrayList<>();
        try (BrowserContext context = chromium.browser().newContext(options);
                Page page = context.newPage()) {
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    errors.add(message.text() + " " + message.location());
                }
            });
            page.onPageError(errors::add);
            test.accept(page);
        }
        errors.removeIf(error -> error.contains("favicon") || error.contains(expected));
        assertEquals(List.of(), errors);
    }

    private static Locator bubble(Page page) {
        return page.locator("gemini-live .bubble");
    }

    private static Locator widget(Page page) {
        return page.getByRole(AriaRole.DIALOG);
    }

    private static void assertAccessible(Page page) {
        assertEquals(
                List.of(), new AxeBuilder(page).include("gemini-live").analyze().getViolations());
    }

    @Test
    void twoLinesOnAPlainPageAreAConversation() {
        onPage(page -> {
            List<String> addresses = new ArrayList<>();
            page.onRequest(request -> addresses.add(request.url()));
            Talk talk = Talk.open(page, allowed + "/plain.html");

            talk.start();
            // Both worklets come from the service.
            talk.awaitState("Listening");
            talk.type("What is two and two?");
            talk.awaitText(talk.articles("model").first(), ANSWER);
            talk.awaitSound();

            talk.screenshot("embed", "plain");
            assertEquals(
                    List.of(allowed + "/plain.html"),
                    addresses.stream()
                            .filter(address -> address.startsWith(allowed) && !address.endsWith("/favicon.ico"))
                            .toList(),
                    "nothing else is asked of the host");
        });
    }

    @Test
    void theModelCallsAFunctionThatThePageDeclares() {
        onPage(page -> {
            Talk talk = Talk.open(page, allowed + "/plain.html");

            talk.type("stock {\"tea\":\"Assam\"}");

            talk.awaitText(talk.conversation(), "packets");
        });
    }

    @Test
    void theInstructionAndTheLanguageOfThePageAreInTheSetup() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, allowed + "/plain.html");

            talk.type("hello");

            talk.awaitPhase("thinking");
            String setup = fake.openings().getFirst().toString();
            assertTrue(setup.contains("You advise the customers of a tea shop."), setup);
            assertTrue(setup.contains("\"functionDeclarations\":[{\"name\":\"stock\""), setup);
        });
    }

    @Test
    void aStrictPolicyOfThePageNeedsNoMoreThanTheAddressesOfTheService() {
        onPage(page -> {
            page.navigate(allowed + "/strict.html");
            bubble(page).click();
            Talk talk = Talk.on(page);

            talk.start();
            talk.awaitState("Listening");
            talk.type("Show me a table of the planets");
            talk.awaitSound();
            talk.awaitTrue("renderRoot.querySelector('article.model table') !== null");

            talk.screenshot("embed", "strict");
        });
    }

    @Test
    void aPageOfAnotherOriginLearnsThatItMayNot() {
        onPage(new Browser.NewContextOptions().setLocale("en-US"), "403", page -> {
            page.navigate(refused + "/plain.html");
            Talk talk = Talk.on(page);

            talk.awaitText(talk.alert(), "This page may not use the service");
            assertThat(talk.button("Start")).hasCount(0);
            assertAccessible(page);
            talk.screenshot("embed", "refused");

            page.waitForResponse("**/live/config", talk.button("Try again")::click);

            talk.awaitText(talk.alert(), "This page may not use the service");
        });
    }

    @Test
    void aServiceThatComesBackIsUsedWithoutLoadingThePageAgain() {
        onPage(new Browser.NewContextOptions().setLocale("en-US"), "ERR_FAILED", page -> {
            page.route("**/live/config", Route::abort);
            page.navigate(allowed + "/plain.html");
            Talk talk = Talk.on(page);
            talk.awaitText(talk.alert(), "The service cannot be reached");

            page.unroute("**/live/config");
            talk.button("Try again").click();

            talk.start();
            talk.awaitState("Listening");
        });
    }

    @Test
    void thePageTalksInAFrameOfAnAllowedOrigin() {
        onPage(page -> {
            page.navigate(allowed + "/frame.html");
            FrameLocator frame = page.frameLocator("iframe");

            frame.getByRole(
                            AriaRole.BUTTON,
                            new FrameLocator.GetByRoleOptions().setName("Start").setExact(true))
                    .click();

            assertThat(frame.locator(".pill")).hasText("Listening");
            Talk.on(page).screenshot("embed", "frame");
        });
    }

    @Test
    void aFrameOfAnotherOriginStaysEmpty() {
        onPage(new Browser.NewContextOptions().setLocale("en-US"), "frame-ancestors", page -> {
            page.waitForConsoleMessage(
                    new Page.WaitForConsoleMessageOptions()
                            .setPredicate(message -> message.text().contains("frame-ancestors " + allowed)),
                    () -> page.navigate(refused + "/frame.html"));

            assertThat(page.frameLocator("iframe").locator("gemini-live")).hasCount(0);
        });
    }

    @Test
    void theBubbleWorksWithTheKeyboardAlone() {
        onPage(page -> {
            page.navigate(allowed + "/strict.html");
            assertThat(bubble(page)).hasAttribute("aria-expanded", "false");
            assertThat(widget(page)).hasCount(0);
            assertAccessible(page);

            page.keyboard().press("Tab");
            assertThat(bubble(page)).isFocused();
            page.keyboard().press("Enter");

            assertThat(bubble(page)).hasAttribute("aria-expanded", "true");
            Talk talk = Talk.on(page);
            assertThat(talk.button("Start")).isFocused();
            BoundingBox box = widget(page).boundingBox();
            assertEquals(360, box.width, 0.5);
            assertEquals(480, box.height, 0.5);
            assertAccessible(page);
            talk.screenshot("embed", "bubble-open");

            page.keyboard().press("Escape");

            assertThat(bubble(page)).isFocused();
            assertThat(bubble(page)).hasAttribute("aria-expanded", "false");
            assertThat(widget(page)).hasCount(0);
            talk.screenshot("embed", "bubble-closed");
        });
    }

    @Test
    void escapeSilencesTheModelBeforeItClosesTheBubble() {
        onPage(page -> {
            page.navigate(allowed + "/strict.html");
            bubble(page).click();
            Talk talk = Talk.on(page);
            talk.type("Tell me a long story");
            talk.awaitSound();

            page.keyboard().press("Escape");
            talk.awaitSilence();
            assertThat(widget(page)).isVisible();
            page.keyboard().press("Escape");

            assertThat(widget(page)).hasCount(0);
            // The conversation goes on, and the button tells so.
            talk.awaitTrue("conversation.live");
            assertThat(bubble(page)).hasAttribute("aria-label", Pattern.compile("Try Livebridge – .+"));
            talk.screenshot("embed", "bubble-running");
        });
    }

    @ParameterizedTest
    @CsvSource({"390, 844, de-DE", "844, 390, en-US", "320, 256, en-US", "390, 844, ar-EG"})
    void onASmallScreenTheWidgetIsTheScreen(int width, int height, String locale) {
        Browser.NewContextOptions phone = new Browser.NewContextOptions()
                .setLocale(locale)
                .setColorScheme(ColorScheme.DARK)
                .setViewportSize(width, height)
                .setHasTouch(true)
                .setIsMobile(true);
        onPage(phone, "favicon", page -> {
            page.navigate(allowed + "/strict.html");

            bubble(page).tap();

            BoundingBox box = widget(page).boundingBox();
            assertEquals(width, box.width, 0.5);
            assertEquals(height, box.height, 0.5);
            assertThat(widget(page)).hasAttribute("aria-modal", "true");
            BoundingBox close = bubble(page).boundingBox();
            for (Locator part :
                    page.locator("gemini-live header :is(h1, .pill, .tools)").all()) {
                BoundingBox beside = part.boundingBox();
                assertTrue(
                        beside == null || beside.x + beside.width <= close.x || close.x + close.width <= beside.x,
                        "nothing is under the button");
            }
            assertEquals(
                    "rgb(13, 15, 20)", widget(page).evaluate("element => getComputedStyle(element).backgroundColor"));
            assertAccessible(page);
            Talk.on(page).screenshot("embed", "bubble-" + width + "x" + height + "-" + locale);

            bubble(page).tap();

            assertThat(widget(page)).hasCount(0);
        });
    }

    @Test
    void theFocusStaysInAWidgetThatCoversThePage() {
        onPage(new Browser.NewContextOptions().setLocale("en-US").setViewportSize(400, 800), "favicon", page -> {
            page.navigate(allowed + "/strict.html");
            page.evaluate(
                    "document.body.insertAdjacentElement('beforeend', document.createElement('button')).id = 'under'");
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            assertThat(Talk.on(page).button("Start")).isFocused();

            for (String key : List.of("Tab", "Shift+Tab")) {
                for (int i = 0; i < 20; i++) {
                    page.keyboard().press(key);
                    assertEquals("GEMINI-LIVE", page.evaluate("document.activeElement.tagName"), key + " " + i);
                }
            }

            page.keyboard().press("Escape");
            assertThat(bubble(page)).isFocused();
            page.keyboard().press("Tab");
            assertThat(page.locator("#under")).isFocused();
        });
    }
}
