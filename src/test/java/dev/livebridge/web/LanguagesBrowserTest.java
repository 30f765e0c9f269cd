package dev.livebridge.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in the browser's language: Arabic from right to left, and long and short words in little room. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LanguagesBrowserTest {

    /** Elements that reach beyond the window on either side, those in boxes that scroll by themselves left out. */
    private static final String OUTSIDE = """
            () => [...document.querySelector('gemini-live').shadowRoot.querySelectorAll('*')]
                .filter((element) => !element.closest('.orb, .wide-table, .rich pre, .wide > *, .source > *, .skip, .hidden'))
                .filter((element) => {
                  const { left, right } = element.getBoundingClientRect();
                  return right > window.innerWidth + 1 || left < -1;
                })
                .map((element) => element.tagName + '.' + element.className)
            """;

    /** Buttons whose words are cut off. */
    private static final String CUT_OFF = """
            () => [...document.querySelector('gemini-live').shadowRoot.querySelectorAll('button, a.button, .pill, h1, h2')]
                .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
                .map((element) => element.textContent.trim())
            """;

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(Voice.speech(2, 4), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ar-EG, DESKTOP_LIGHT",
        "ar-EG, DESKTOP_DARK",
        "ar-EG, PHONE_LIGHT",
        "ar-EG, PHONE_DARK",
        "ar-EG, NARROW",
        "ar-EG, LANDSCAPE",
        "ja-JP, DESKTOP_LIGHT",
        "ja-JP, PHONE_DARK",
        "de-DE, NARROW",
        "es-ES, NARROW",
        "fr-FR, NARROW",
        "pt-BR, NARROW",
        "zh-CN, NARROW",
        "de-DE, LANDSCAPE"
    })
    void everyStateIsAccessibleAndFits(String locale, String view) {
        Browser.NewContextOptions options = view.equals("LANDSCAPE")
                ? PageStatesBrowserTest.Look.PHONE_LIGHT.options().setViewportSize(844, 390)
                : PageStatesBrowserTest.Look.valueOf(view).options();
        try (BrowserContext context = chromium.browser().newContext(options.setLocale(locale))) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.on(page);
            page.navigate(service.toString());
            page.locator(".start").waitFor();
            String folder = locale + "-" + view.toLowerCase(java.util.Locale.ROOT);
            check(talk, folder, "01-idle");

            page.locator(".start").click();
            talk.awaitTrue("conversation.live");
            check(talk, folder, "02-listening");

            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"user\",\"text\":\"" + question(locale) + "\"}");
            fake.sing(1, 20_000);
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"" + answer(locale) + "\"}");
            talk.awaitPhase("speaking");
            talk.awaitTrue("conversation.latency.firstAudio.last !== null");
            check(talk, folder, "03-speaking");

            fake.say("{\"type\":\"interrupted\",\"turn\":1}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            fake.say("{\"type\":\"transcript\",\"turn\":2,\"role\":\"user\",\"text\":\"" + question(locale) + "\"}");
            fake.say("{\"type\":\"text\",\"turn\":2,\"text\":\"https://example.org\",\"thought\":true}");
            fake.say("{\"type\":\"transcript\",\"turn\":2,\"role\":\"model\",\"text\":\"" + answer(locale)
                    + "\\n\\n```js\\nconst a = 1 + 2;\\n```\"}");
            fake.say("{\"type\":\"grounding\",\"turn\":2,\"groundingMetadata\":{\"groundingChunks\":["
                    + "{\"web\":{\"uri\":\"https://example.org/a\",\"title\":\"example.org (2026)\"}}]}}");
            fake.say("{\"type\":\"generationComplete\",\"turn\":2}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":2}");
            page.locator(".rich").waitFor();
            check(talk, folder, "04-answer");

            for (String panel : List.of("developer", "settings", "help")) {
                page.evaluate("panel => document.querySelector('gemini-live').togglePanel(panel)", panel);
                page.locator(".panel h2").waitFor();
                page.evaluate("() => Promise.all(document.querySelector('gemini-live').shadowRoot"
                        + ".querySelector('.panel').getAnimations().map(({ finished }) => finished))");
                check(talk, folder, "05-" + panel);
                page.evaluate("() => document.querySelector('gemini-live').closePanel()");
                page.locator(".panel").waitFor(detached());
            }

            assertTrue(
                    number(page, ".code .bar .button", "height") <= number(page, ".code .bar", "height") + 1,
                    "the styles of the panels leave the head of the code alone");

            fake.say("{\"type\":\"warning\",\"code\":\"max_duration\",\"message\":\"\",\"inMs\":300000}");
            page.locator(".notice.warning").waitFor();
            check(talk, folder, "06-warning");
            fake.answering(false).close(3000, "gone");
            talk.awaitPhase("reconnecting");
            check(talk, folder, "07-reconnecting");
            page.locator(".danger").click();
            talk.awaitPhase("ended");
            check(talk, folder, "08-ended");
        }
    }

    @Test
    void arabicIsWrittenFromRightToLeft() {
        try (BrowserContext context = chromium.browser()
                .newContext(PageStatesBrowserTest.Look.DESKTOP_LIGHT.options().setLocale("ar-EG"))) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.on(page);
            page.navigate(service.toString());
            page.locator(".start").click();
            talk.awaitTrue("conversation.live");
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"user\",\"text\":\"" + question("ar-EG") + "\"}");
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"```js\\nlet x = 1;\\n```\"}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            page.locator(".rich pre").waitFor();

            assertEquals("ar", page.evaluate("() => document.documentElement.lang"));
            assertEquals("rtl", page.evaluate("() => document.documentElement.dir"));
            assertEquals("rtl", computed(page, ".app", "direction"));
            assertEquals("ltr", computed(page, ".rich pre", "direction"), "code");
            assertEquals("-1 1", computed(page, ".sound .icon", "scale"), "an icon that points");
            assertTrue(number(page, ".tools", "left") < number(page, "h1", "left"), "the tools are on the left");
            assertTrue(
                    number(page, "article.user .body", "left") < number(page, "article.model .rich", "left") + 1,
                    "the person's words are at the end of the line");
            page.evaluate("() => document.querySelector('gemini-live').togglePanel('settings')");
            page.locator(".panel h2").waitFor();
            page.evaluate("() => Promise.all(document.querySelector('gemini-live').shadowRoot"
                    + ".querySelector('.panel').getAnimations().map(({ finished }) => finished))");
            assertEquals(0.0, number(page, ".panel", "left"), "the panel is on the left");
        }
    }

    @Test
    void aLanguageThatCannotBeFetchedIsEnglish() {
        try (BrowserContext context = chromium.browser()
                .newContext(PageStatesBrowserTest.Look.DESKTOP_LIGHT.options().setLocale("ja-JP"))) {
            Page page = context.newPage();
            page.route(url -> url.contains("/static/bundle/ja-"), route -> route.abort());
            FakeService.behind(page);

            Talk talk = Talk.open(page, service.toString());

            assertEquals("en", talk.value("words.language"));
        }
    }

    private static com.microsoft.playwright.Locator.WaitForOptions detached() {
        return new com.microsoft.playwright.Locator.WaitForOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED);
    }

    private static void check(Talk talk, String folder, String state) {
        Page page = talk.page();
        talk.screenshot(folder, state);
        assertEquals(List.of(), page.evaluate(OUTSIDE), state + ": outside the window");
        assertEquals(List.of(), page.evaluate(CUT_OFF), state + ": words cut off");
        assertEquals("", PageStatesBrowserTest.violations(page), state);
    }

    private static Object computed(Page page, String selector, String property) {
        return page.evaluate(
                "([selector, property]) => getComputedStyle(document.querySelector('gemini-live').shadowRoot"
                        + ".querySelector(selector))[property]",
                List.of(selector, property));
    }

    private static double number(Page page, String selector, String side) {
        return ((Number) page.evaluate(
                        "([selector, side]) => document.querySelector('gemini-live').shadowRoot"
                                + ".querySelector(selector).getBoundingClientRect()[side]",
                        List.of(selector, side)))
                .doubleValue();
    }

    private static String question(String locale) {
        return switch (locale) {
            case "ar-EG" -> "ما المسافة إلى باريس (بالكيلومترات)؟";
            case "ja-JP" -> "パリまでどのくらいですか?";
            default -> "Paris?";
        };
    }

    private static String answer(String locale) {
        return switch (locale) {
            case "ar-EG" -> "حوالي **465 km** عبر الطريق A6، انظر https://example.org (بالإنجليزية).";
            case "ja-JP" -> "車で約 **465 km** です。A6 号線を通ってください。";
            default -> "465 km.";
        };
    }
}
