package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state in every theme: a screenshot of each, and no accessibility violation. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageStatesBrowserTest {

    /** A permission prompt that the test controls. */
    private static final String SLOW_PERMISSION = """
            const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            const allowed = new Promise((resolve) => { window.allowMicrophone = resolve; });
            navigator.mediaDevices.getUserMedia = async (constraints) => { await allowed; return real(constraints); };
            """;

    /**
     * Elements that reach beyond the window, those in boxes that scroll by themselves left out. The page's own scroll
     * width would not tell: a phone makes its window as wide as what it shows.
     */
    private static final String OUTSIDE = """
            (width) => [...document.querySelector('gemini-live').shadowRoot.querySelectorAll('*')]
                .filter((element) => !element.closest('.orb, .wide-table, .rich pre, .wide > *, .source > *, .skip'))
                .filter((element) => element.getBoundingClientRect().right > width + 1)
                .map((element) => element.tagName + '.' + element.className)
            """;

    /** Elements of the transcript whose content is cut off at the right without a scroll bar of their own. */
    private static final String WIDER_THAN_COLUMN = """
            () => {
              const scroll = document.querySelector('gemini-live').shadowRoot.querySelector('.scroll');
              const right = scroll.getBoundingClientRect().left + scroll.clientWidth;
              return [...scroll.querySelectorAll('article, article p, .code, .wide, .source')]
                .filter((element) => !element.closest('.wide > *'))
                .filter((element) => element.getBoundingClientRect().right > right + 1)
                .map((element) => element.tagName + '.' + element.className).join(' ');
            }
            """;

    /** The bands of the page, from top to bottom, that reach into the next one or out of the window. */
    private static final String OVERLAPS = """
            () => {
              const root = document.querySelector('gemini-live').shadowRoot;
              const bands = ['header', '.stage', '.scroll', '.app > .under > footer, footer']
                .map((selector) => [selector, root.querySelector(selector).getBoundingClientRect()])
                .filter(([, box]) => box.height > 0);
              const found = bands.slice(1).filter(([, box], index) => {
                const [, above] = bands[index];
                return box.top < above.bottom - 1 && box.left < above.right - 1 && box.right > above.left + 1;
              });
              const low = bands.filter(([, box]) => box.bottom > window.innerHeight + 1);
              return [...found, ...low].map(([selector]) => selector).join(' ');
            }
            """;

    /** Number of controls below the panel that Tab can reach. */
    private static final String FOCUSABLE_UNDER_PANEL = """
            (() => {
              const root = document.querySelector('gemini-live').shadowRoot;
              const panel = root.querySelector('.panel').getBoundingClientRect();
              return [...root.querySelectorAll('.under :is(button, textarea, [tabindex="0"], summary)')]
                .filter((element) => !element.closest('[inert]') && !element.matches('.skip'))
                .filter((element) => element.getBoundingClientRect().left >= panel.left).length;
            })()
            """.strip();

    /** A viewport with its preferences. */
    enum Look {
        DESKTOP_LIGHT(1280, 800, ColorScheme.LIGHT),
        DESKTOP_DARK(1280, 800, ColorScheme.DARK),
        PHONE_LIGHT(390, 844, ColorScheme.LIGHT),
        PHONE_DARK(390, 844, ColorScheme.DARK),
        NARROW(320, 640, ColorScheme.LIGHT),
        FORCED_COLOURS(1280, 800, ColorScheme.DARK);

        private final int width;
        private final int height;
        private final ColorScheme scheme;

        Look(int width, int height, ColorScheme scheme) {
            this.width = width;
            this.height = height;
            this.scheme = scheme;
        }

        boolean phone() {
            return width < 800;
        }

        Browser.NewContextOptions options() {
            return new Browser.NewContextOptions()
                    .setViewportSize(width, height)
                    .setIsMobile(phone())
                    .setHasTouch(phone())
                    .setColorScheme(scheme)
                    .setReducedMotion(this == NARROW ? ReducedMotion.REDUCE : ReducedMotion.NO_PREFERENCE)
                    .setForcedColors(this == FORCED_COLOURS ? ForcedColors.ACTIVE : ForcedColors.NONE)
                    .setLocale("en-GB")
                    .setPermissions(List.of("microphone", "camera"));
        }
    }

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

    @Test
    void theQuestionThatIsAskedAgainIsTheOpenOne() {
        try (BrowserContext context = chromium.browser().newContext(Look.DESKTOP_LIGHT.options())) {
            Page page = context.newPage();
            page.addInitScript("""
                    window.ahead = 0;
                    const now = performance.now.bind(performance);
                    performance.now = () => now() + window.ahead;
                    """);
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");
            talk.type("What is typed and answered?");
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"This.\"}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            talk.awaitText(talk.articles("model").first(), "This");
            // The voice of the fake microphone, which has come to its pause.
            talk.awaitPhase("userSpeaking");
            talk.awaitPhase("thinking");
            page.evaluate("() => document.querySelector('gemini-live').mute(true)");
            fake.say("{\"type\":\"transcript\",\"turn\":2,\"role\":\"user\",\"text\":\"What is spoken and open?\"}");
            talk.awaitTrue("conversation.question === 'What is spoken and open?'");

            page.evaluate("() => { window.ahead = 31_000; }");
            talk.button("Ask again").click();

            page.waitForCondition(() -> typed(fake).size() == 2);
            assertEquals(List.of("What is typed and answered?", "What is spoken and open?"), typed(fake));
            talk.awaitTrue("conversation.transcript.items.length === 3");
        }
    }

    private static List<String> typed(FakeService fake) {
        return fake.texts().stream()
                .filter(message -> message.has("text"))
                .map(message -> message.get("text").asText())
                .toList();
    }

    /** Also inside the element's shadow root. */
    @Test
    void whatIsNotAccessibleIsFound() {
        try (BrowserContext context = chromium.browser().newContext(Look.DESKTOP_LIGHT.options())) {
            Page page = context.newPage();
            FakeService.behind(page).answering(false);
            Talk.open(page, service.toString());

            page.evaluate("""
                    () => {
                        const pale = document.createElement('p');
                        pale.textContent = 'pale';
                        Object.assign(pale.style, { position: 'fixed', inset: '0 auto auto 0', zIndex: 9, margin: 0,
                            color: '#eee', background: '#fff' });
                        document.querySelector('gemini-live').shadowRoot.querySelector('.app')
                            .append(document.createElement('button'), pale);
                    }
                    """);

            String violations = violations(page);
            assertTrue(violations.contains("button-name"), violations);
            assertTrue(violations.contains("color-contrast"), violations);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyStateIsAccessibleAndFits(Look look) {
        try (BrowserContext context = chromium.browser().newContext(look.options())) {
            Page page = context.newPage();
            page.addInitScript(SLOW_PERMISSION);
            FakeService fake = FakeService.behind(page).answering(false);
            Talk talk = Talk.open(page, service.toString());
            check(talk, look, "01-idle");

            talk.start();
            talk.awaitPhase("permission");
            check(talk, look, "02-permission");

            page.evaluate("() => window.allowMicrophone()");
            talk.awaitPhase("connecting");
            check(talk, look, "03-connecting");

            fake.sayReady();
            talk.awaitState("Listening");
            check(talk, look, "04-listening");

            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"user\",\"text\":\" What is on my desk?\"}");
            talk.awaitPhase("userSpeaking");
            check(talk, look, "05-user-speaking");
            talk.awaitPhase("thinking");
            check(talk, look, "06-thinking");

            fake.sing(1, 20_000);
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"I can see a laptop, a mug and"
                    + " a notebook with a blue cover that has seen better days.\"}");
            talk.button("Camera").click();
            talk.awaitPhase("speaking");
            talk.awaitTrue("conversation.pictures.sent('camera')?.sent > 0");
            check(talk, look, "07-speaking");

            fake.say("{\"type\":\"interrupted\",\"turn\":1}");
            talk.awaitText(talk.articles("model").first(), "not heard");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            talk.button("Camera").click();
            answerWithMarkup(fake);
            page.locator(".rich").waitFor();
            check(talk, look, "08-rich-answer");

            openPanels(talk, look);

            fake.answering(false).close(3000, "gone");
            talk.awaitPhase("reconnecting");
            check(talk, look, "12-reconnecting");

            page.waitForCondition(() -> fake.connections() == 2);
            fake.answering(true).sayReady();
            talk.awaitTrue("conversation.live");
            fake.say("{\"type\":\"warning\",\"code\":\"max_duration\",\"message\":\"\",\"inMs\":300000}");
            page.locator(".notice.warning").waitFor();
            check(talk, look, "15-warning");
            fake.say("{\"type\":\"upstream\",\"state\":\"reconnecting\",\"attempt\":1,\"retryInMs\":60000}");
            talk.awaitState("Reconnecting");
            check(talk, look, "16-model-lost");
            fake.say("{\"type\":\"upstream\",\"state\":\"ready\",\"memory\":\"rebuilt\"}");
            page.locator(".notice-item").last().waitFor();
            fake.say("{\"type\":\"upstream\",\"state\":\"renewing\"}");
            page.locator(".badge").waitFor();
            check(talk, look, "17-rebuilt");
            fake.say("{\"type\":\"error\",\"code\":\"upstream_quota\",\"message\":\"You exceeded your quota.\","
                    + "\"fatal\":true}");
            fake.close(3000, "");
            talk.awaitState("Stopped");
            check(talk, look, "13-failed");

            talk.button("Try again").click();
            talk.awaitTrue("conversation.live");
            talk.button("End").click();
            talk.awaitState("Ended");
            check(talk, look, "14-ended");
        }
    }

    @Test
    void keysWorkFromTheFirstPressAndTheFocusIsNeverLost() {
        onDesktop((page, fake) -> {
            Talk talk = Talk.open(page, service.toString());
            page.keyboard().press("?");
            page.getByRole(AriaRole.DIALOG).waitFor();
            assertEquals(
                    true, page.evaluate(FOCUSABLE_UNDER_PANEL + " === 0"), "nothing under the panel has the focus");
            page.keyboard().press("Escape");
            page.getByRole(AriaRole.DIALOG)
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));

            talk.start();
            talk.awaitState("Listening");
            assertThat(talk.button("Mute")).isFocused();
            page.locator(".stage").click();
            page.keyboard().press("m");
            talk.awaitState("Muted");
            fake.sing(1, 20_000);
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"A long story.\"}");
            talk.awaitPhase("speaking");
            page.getByText("Export").click();
            page.keyboard().press("Escape");
            assertThat(page.locator(".export")).not().hasAttribute("open", "");
            talk.awaitPhase("speaking");
            page.getByText("Export").click();
            page.locator(".stage").click();
            assertThat(page.locator(".export")).not().hasAttribute("open", "");
            page.keyboard().press("Escape");
            talk.awaitSilence();

            talk.button("End").click();
            assertThat(talk.button("Start again")).isFocused();
        });
    }

    @Test
    void aDismissedNoticeHandsTheFocusOn() {
        onDesktop((page, fake) -> {
            fake.answering(false);
            Talk talk = Talk.open(page, service.toString());
            talk.type("Hello");
            page.waitForCondition(() -> fake.connections() == 1);
            fake.sayReady("\"turnCoverage was set\"");

            page.getByText("The service adjusted some settings").waitFor();
            assertThat(page.getByText("turnCoverage was set")).isHidden();
            talk.button("Dismiss").click();

            talk.awaitTrue("shadowRoot.activeElement !== null");
        });
    }

    @Test
    void theSecondAnswerIsAwaitedLikeTheFirst() {
        onDesktop((page, fake) -> {
            Talk talk = Talk.open(page, service.toString());
            talk.type("First");
            talk.awaitState("Thinking");
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"One.\"}");
            fake.sing(1, 200);
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            talk.awaitState("Connected");

            talk.type("Second");

            // Long enough for the worklet's answer to the flush of the former turn.
            page.waitForFunction(
                    "() => { const { now, conversation: { state } } = document.querySelector('gemini-live');"
                            + " return state.phase === 'thinking' && now - state.since > 1000; }");
            talk.awaitState("Thinking");
            assertThat(page.locator(".pending")).isVisible();
        });
    }

    @Test
    void aTypedConversationIsSpokenToAndItsTextIsNotLost() {
        onDesktop((page, fake) -> {
            Talk talk = Talk.open(page, service.toString());
            talk.type("My name is Ada");
            fake.say("{\"type\":\"text\",\"turn\":1,\"text\":\"Hello Ada.\"}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            talk.button("Microphone").click();
            talk.awaitState("Listening");
            page.waitForCondition(() -> !fake.binaries(1).isEmpty());
            assertEquals(1, fake.connections(), "in the same conversation");

            talk.button("End").click();
            talk.type("What is my name?");
            page.waitForCondition(() -> fake.texts().stream().anyMatch(message -> message.has("clientContent")));
            assertEquals(
                    "My name is Ada",
                    fake.texts().stream()
                            .filter(message -> message.has("clientContent"))
                            .findFirst()
                            .orElseThrow()
                            .at("/clientContent/turns/0/parts/0/text")
                            .asText());
            assertThat(talk.articles("user").first()).containsText("My name is Ada");

            talk.button("End").click();
            talk.button("Start again").click();
            talk.awaitState("Listening");
            assertThat(talk.articles("user").first()).containsText("My name is Ada");
            assertThat(page.locator(".notice-item").last()).containsText("New conversation");
            talk.button("End").click();
            page.reload();
            assertThat(talk.articles("user").first()).containsText("My name is Ada");
            talk.button("Clear").click();
            assertThat(talk.articles("user")).hasCount(0);
            talk.button("Undo").click();
            assertThat(talk.articles("user").first()).containsText("My name is Ada");
        });
    }

    /**
     * Phone in landscape, 200 % zoom, and the smallest window of WCAG 1.4.10; the longest content of an answer in each.
     */
    @ParameterizedTest
    @CsvSource({"844, 390, 0.5", "640, 400, 0.5", "320, 256, 0.2", "390, 844, 0.4"})
    void littleRoomLeavesTheTextReadable(int width, int height, double share) {
        onDesktop((page, fake) -> {
            page.setViewportSize(width, height);
            Talk talk = Talk.open(page, service.toString());
            talk.type("Show me");
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"Look:\\n\\n```js\\n"
                    + "x".repeat(300) + "\\n```\\n\\n| " + "Population | ".repeat(20) + "\\n|" + "---|".repeat(20)
                    + "\\n| x |\\n\\nhttps://example.org/" + "y".repeat(200) + "\"}");
            fake.say("{\"type\":\"grounding\",\"turn\":1,\"groundingMetadata\":{\"groundingChunks\":["
                    + "{\"web\":{\"uri\":\"https://example.org/a\",\"title\":\"" + "Title ".repeat(60) + "\"}}]}}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            page.locator(".rich").waitFor();
            talk.screenshot("heights", width + "x" + height);

            assertEquals(List.of(), page.evaluate(OUTSIDE, width), "wider than the window");
            assertEquals("", page.evaluate(WIDER_THAN_COLUMN), "wider than its column");
            assertEquals("", page.evaluate(OVERLAPS), "overlaps");
            assertEquals("", violations(page));
            double text = ((Number) page.evaluate("() => document.querySelector('gemini-live').shadowRoot"
                            + ".querySelector('.scroll').clientHeight"))
                    .doubleValue();
            assertTrue(text >= share * height, () -> text + " of " + height);
        });
    }

    private void onDesktop(BiConsumer<Page, FakeService> test) {
        try (BrowserContext context = chromium.browser().newContext(Look.DESKTOP_LIGHT.options())) {
            Page page = context.newPage();
            test.accept(page, FakeService.behind(page));
        }
    }

    private static void answerWithMarkup(FakeService fake) {
        fake.say("{\"type\":\"transcript\",\"turn\":2,\"role\":\"user\",\"text\":\"How far is it to Paris?\"}");
        fake.say("{\"type\":\"text\",\"turn\":2,\"text\":\"Let me look that up.\",\"thought\":true}");
        fake.say("{\"type\":\"transcript\",\"turn\":2,\"role\":\"model\",\"text\":\"About **465 km** by road:\\n\\n"
                + "- take the A6\\n- pass Beaune and Auxerre\\n\\nSee [the map](https://example.org/).\"}");
        fake.say("{\"type\":\"grounding\",\"turn\":2,\"groundingMetadata\":{\"groundingChunks\":["
                + "{\"web\":{\"uri\":\"https://example.org/a\",\"title\":\"Distances in France\"}}]}}");
        fake.sing(2, 400);
        fake.say("{\"type\":\"generationComplete\",\"turn\":2}");
        fake.say("{\"type\":\"turnComplete\",\"turn\":2}");
    }

    private void openPanels(Talk talk, Look look) {
        Page page = talk.page();
        page.evaluate("() => document.querySelector('gemini-live').changeSettings({ developer: true })");
        talk.button("Details").click();
        page.locator(".panel h2").waitFor();
        page.getByText("As a table").click();
        check(talk, look, "09-latency");
        for (String tab : List.of("Messages", "Tokens and cost", "Session")) {
            page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(tab))
                    .click();
            check(talk, look, "09-" + tab.toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
        }
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Latency"))
                .click();
        talk.button("Close").click();
        talk.button("Settings").click();
        page.locator(".panel h2").waitFor();
        check(talk, look, "10-settings");
        talk.openExperts();
        check(talk, look, "10-settings-experts");
        talk.button("Close").click();
        if (!look.phone()) {
            talk.button("Keyboard shortcuts").click();
            page.locator(".panel h2").waitFor();
            check(talk, look, "11-help");
            talk.button("Close").click();
        }
    }

    static void check(Talk talk, Look look, String state) {
        Page page = talk.page();
        talk.screenshot(look.name().toLowerCase(java.util.Locale.ROOT), state);
        assertEquals(List.of(), page.evaluate(OUTSIDE, look.width), state + ": wider than the window");
        assertEquals("", violations(page), state);
        assertThat(page.locator("gemini-live")).isVisible();
    }

    /** Accessibility violations, one line per rule. */
    static String violations(Page page) {
        // The other mode opens a second page for each look, for the sake of frames from other origins; we have none.
        AxeResults results = new AxeBuilder(page)
                .setLegacyMode(true)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                .analyze();
        return results.getViolations().stream()
                .map(rule -> rule.getId() + " "
                        + rule.getNodes().stream()
                                .map(node -> node.getTarget() + " " + node.getFailureSummary())
                                .collect(Collectors.joining("; ")))
                .collect(Collectors.joining("\n"));
    }
}
