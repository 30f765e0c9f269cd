package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
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

/**
 * How the page shows function calls, code that the model runs, and answers without words. The test plays the service.
 */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToolCardBrowserTest {

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

    private static void say(FakeService fake, String... messages) {
        for (String message : messages) {
            fake.say(message);
        }
    }

    private static final String CALL = """
            {"type":"toolCall","turn":1,"calls":[{"id":"c1","name":"get_weather",\
            "args":{"city":"Berlin","days":3,"note":"a rather long remark that does not fit into one line of a card"}}]}""";

    private static final String CODE = """
            {"type":"part","turn":1,"part":{"executableCode":{"language":"PYTHON",\
            "code":"total = sum(n * n for n in range(1, 11))\\nprint(f'The sum of the squares is {total}, a rather long line')"}}}""";

    @ParameterizedTest
    @CsvSource({
        "desktop, 1280, 800, LIGHT",
        "desktop-dark, 1280, 800, DARK",
        "phone, 390, 844, LIGHT",
        "phone-dark, 390, 844, DARK"
    })
    void callsAndCodeAreCards(String name, int width, int height, ColorScheme scheme) {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme)
                        .setPermissions(List.of("clipboard-read", "clipboard-write")))) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            page.evaluate("""
                    () => document.querySelector('gemini-live').addEventListener('gl-tool', (event) => {
                      event.preventDefault();
                      window.answerCall = (response) => event.detail.respond(
                        event.detail.calls.map(({ id, name }) => ({ id, name, response })));
                    })""");
            talk.type("What is the weather in Berlin?");
            page.waitForCondition(() -> fake.openings().size() == 1);
            say(fake, CALL);
            Locator card = talk.articles("tool").first();
            assertThat(card.locator("[data-state=running]")).isVisible();
            assertThat(card).containsText("get weather");
            assertThat(card).containsText("city: Berlin, days: 3");
            talk.screenshot("tools", name + "-running");

            page.evaluate("() => window.answerCall({ temperature: 7, sky: 'rain' })");
            assertThat(card.locator("[data-state=done]")).isVisible();
            say(
                    fake,
                    CODE,
                    "{\"type\":\"part\",\"turn\":1,\"part\":{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\",\"output\":\"385\\n\"}}}",
                    "{\"type\":\"text\",\"turn\":1,\"text\":\"It rains, at 7 degrees.\"}",
                    "{\"type\":\"turnComplete\",\"turn\":1}");
            Locator code = talk.articles("tool").nth(1);
            assertThat(code.locator("[data-state=done]")).isVisible();
            card.locator("summary").click();
            assertThat(card.locator("pre").first()).containsText("\"city\": \"Berlin\"");
            assertThat(card.locator("pre").nth(1)).containsText("\"temperature\": 7");
            card.getByText("Copy").nth(1).click();
            assertThat(card.getByText("Copied")).hasCount(1);
            assertEquals(
                    "{\n  \"temperature\": 7,\n  \"sky\": \"rain\"\n}",
                    page.evaluate("() => navigator.clipboard.readText()"));
            talk.screenshot("tools", name + "-call-open");
            card.locator("summary").click();
            code.locator("summary").click();
            assertThat(code.locator("pre").nth(1)).containsText("385");
            talk.screenshot("tools", name + "-code-open");

            assertEquals(List.of(), new AxeBuilder(page).analyze().getViolations(), () -> "violations of " + name);
            double beyond = ((Number) page.evaluate("""
                    () => { const s = document.querySelector('gemini-live').shadowRoot.querySelector('.scroll');
                            return s.scrollWidth - s.clientWidth; }""")).doubleValue();
            assertEquals(0, beyond, "nothing is wider than the column");
        }
    }

    @Test
    void aHostShowsACallItsOwnWay() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("What is the weather in Berlin?");
            page.waitForCondition(() -> fake.openings().size() == 1);
            say(fake, CALL);
            assertThat(talk.articles("tool").locator("[data-state=failed]")).isVisible();

            page.evaluate("""
                    () => {
                      const own = document.createElement('p');
                      own.slot = 'tool-c1';
                      own.textContent = 'Rain over Berlin';
                      document.querySelector('gemini-live').append(own);
                    }""");

            assertThat(page.getByText("Rain over Berlin")).isVisible();
            assertThat(talk.articles("tool").locator(".card")).isHidden();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RESPONSE_REJECTED, chose not to answer",
        "PROHIBITED_INPUT_CONTENT, The question was blocked",
        "GENERATED_CONTENT_SAFETY, The answer was blocked",
        "MALFORMED_FUNCTION_CALL, called a function wrongly"
    })
    void anAnswerWithoutWordsSaysWhy(String reason, String words) {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("Well?");
            page.waitForCondition(() -> fake.openings().size() == 1);

            say(fake, "{\"type\":\"turnComplete\",\"turn\":1,\"reason\":\"" + reason + "\"}");

            assertThat(page.locator(".notice-item")).containsText(words);
            talk.screenshot("tools", "silent-" + reason);
        }
    }
}
