package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Input methods, scripts, keyboard layouts, devices and answers of other platforms. The tests simulate what a browser
 * on Linux lacks: events of Safari, contexts and tracks that the system interrupts.
 */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignHabitsBrowserTest {

    private static final String GROUNDING = """
            {"type":"grounding","turn":1,"groundingMetadata":{
              "webSearchQueries":["tide tables Saint-Malo"],
              "searchEntryPoint":{"renderedContent":"<style>.chip{color:red}</style><div class=\\"container\\">\
            <a class=\\"chip\\" href=\\"https://www.google.com/search?q=tide+tables+Saint-Malo\\">tide tables Saint-Malo</a>\
            <a class=\\"chip\\" href=\\"https://www.google.com/search?q=highest+tide+today\\">highest tide today</a></div>"},
              "groundingChunks":[
                {"web":{"uri":"https://tides.example/saint-malo","title":"Tides at Saint-Malo","domain":"tides.example"}},
                {"maps":{"uri":"https://maps.google.com/?cid=7","title":"Plage du Sillon","placeId":"places/7",
                  "placeAnswerSources":{"reviewSnippets":[{"googleMapsUri":"https://maps.google.com/r/7","title":"Best at low tide"}]}}},
                {"retrievedContext":{"title":"harbour-manual.pdf","fileSearchStore":"fileSearchStores/1","pageNumber":12}},
                {"image":{"sourceUri":"https://pictures.example/","imageUri":"https://pictures.example/a.png","title":"The beach"}}]},
             "urlContextMetadata":{"urlMetadata":[
                {"retrievedUrl":"https://unsafe.example/","urlRetrievalStatus":"URL_RETRIEVAL_STATUS_UNSAFE"}]}}""";

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(Voice.speech(2, 2), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"13, true", "229, false", "229, true"})
    void enterThatEndsACompositionSendsNothing(int keyCode, boolean composing) {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.message().fill("\u4eca\u65e5\u306f");

            talk.message().evaluate("""
                    (field, [keyCode, isComposing]) => {
                      field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, composed: true }));
                      for (const type of ['keydown', 'keyup']) {
                        field.dispatchEvent(new KeyboardEvent(type, {
                          key: 'Enter', code: 'Enter', keyCode, isComposing, bubbles: true, composed: true, cancelable: true }));
                      }
                    }""", List.of(keyCode, composing));

            assertThat(talk.message()).hasValue("\u4eca\u65e5\u306f");
            assertEquals(0, fake.connections());
            talk.message().press("Enter");
            page.waitForCondition(() -> !fake.texts().isEmpty());
            assertEquals("\u4eca\u65e5\u306f", fake.texts().get(0).at("/text").asText());
        });
    }

    @Test
    void escapeThatEndsACompositionLeavesTheModelSpeaking() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("sing");
            talk.awaitPhase("thinking");
            fake.sing(1, 8_000);
            talk.awaitSound();

            talk.message().evaluate("""
                    (field) => field.dispatchEvent(new KeyboardEvent('keydown', {
                      key: 'Escape', code: 'Escape', keyCode: 229, bubbles: true, composed: true }))""");
            assertEquals("speaking", talk.value("conversation.state.phase"));
            talk.message().press("Escape");

            talk.awaitSilence();
        });
    }

    @ParameterizedTest
    @CsvSource({"\u044c, KeyM", "\u05e6, KeyM", "\u03bc, KeyM", "m, Semicolon"})
    void aShortcutWorksOnEveryLayout(String key, String code) {
        onPage(page -> {
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");

            page.locator(".scroll").evaluate("""
                    (place, [key, code]) => place.dispatchEvent(
                      new KeyboardEvent('keydown', { key, code, bubbles: true, composed: true, cancelable: true }))""", List.of(key, code));

            talk.awaitTrue("conversation.state.flags.muted");
        });
    }

    @Test
    void textHasTheDirectionOfItsContent() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.message().fill("\u05e9\u05dc\u05d5\u05dd");
            assertEquals("rtl", direction(page, "#message"));
            talk.message().press("Enter");
            page.waitForCondition(() -> !fake.texts().isEmpty());

            fake.say("{\"type\":\"text\",\"turn\":1,\"text\":\"\u05d7\u05d5\u05e9\u05d1\",\"thought\":true}");
            fake.say(
                    "{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"\u05e9\u05dc\u05d5\u05dd! \u05de\u05d4 \u05e9\u05dc\u05d5\u05de\u05da? Livebridge.\"}");
            fake.say(
                    "{\"type\":\"grounding\",\"turn\":1,\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"https://a.example/\",\"title\":\"\u05d0\u05ea\u05e8\"}}]}}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            fake.say(
                    "{\"type\":\"transcript\",\"turn\":2,\"role\":\"model\",\"text\":\"**\u05d0** \u05d1\\n\\n- \u05d2\\n- English\\n\\n```\\ncode \u05d3\\n```\"}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":2}");
            fake.say("{\"type\":\"transcript\",\"turn\":3,\"role\":\"model\",\"text\":\"English.\"}");
            page.locator(".rich strong").waitFor();
            talk.awaitText(talk.articles("model").last(), "English");

            assertEquals("rtl", direction(page, "article.user .body"));
            assertEquals("rtl", direction(page, "article.model details .body"));
            assertEquals("rtl", direction(page, "article.model > .body"));
            assertEquals("rtl", direction(page, ".sources a > span"));
            assertEquals("rtl", direction(page, ".rich p"));
            // A list has one side for its signs; whatever its items are.
            assertEquals("rtl", direction(page, ".rich li:first-child"));
            assertEquals("rtl", direction(page, ".rich li:last-child"));
            assertEquals("ltr", direction(page, ".rich pre"));
            assertEquals("ltr", direction(page, "article.model:last-child > .body"));
            talk.screenshot("foreign", "hebrew");
        });
    }

    @Test
    void noFieldMakesAPhoneEnlargeThePage() {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(390, 844)
                        .setIsMobile(true)
                        .setHasTouch(true)
                        .setColorScheme(ColorScheme.DARK))) {
            Page page = context.newPage();
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.button("Settings").click();
            page.locator(".panel select").first().waitFor();

            Object small = page.evaluate("""
                    () => [...document.querySelector('gemini-live').shadowRoot.querySelectorAll('input, select, textarea')]
                      .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
                      .map((field) => field.name || field.id)""");

            assertEquals(List.of(), small);
            assertTrue(page.locator(".panel :is(input, select, textarea)").count() > 10);
            talk.screenshot("foreign", "phone-settings-dark");
        }
    }

    @ParameterizedTest
    @CsvSource({"suspended", "interrupted"})
    void enableSoundResumesBothContextsInEveryStateThatOffersIt(String state) {
        onPage(page -> {
            page.addInitScript("""
                    window.contexts = [];
                    window.AudioContext = class extends AudioContext {
                      resumes = 0;
                      constructor(...how) { super(...how); window.contexts.push(this); }
                      get state() { return this.taken ?? super.state; }
                      resume() { this.resumes++; this.taken = undefined; return super.resume(); }
                    };
                    """);
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");
            page.evaluate("""
                    (state) => {
                      for (const context of window.contexts) {
                        context.taken = state;
                        // A suspended context is resumed unasked, and stays as it is.
                        context.resume = () => new Promise(() => {});
                        context.dispatchEvent(new Event('statechange'));
                      }
                    }""", state);
            talk.button("Enable sound").waitFor();
            talk.screenshot("foreign", "sound-" + state);
            page.evaluate(
                    "() => window.contexts.forEach((context) => { context.resumes = 0; delete context.resume; })");

            talk.button("Enable sound").click();

            page.waitForFunction(
                    "() => window.contexts.length === 2 && window.contexts.every(({ resumes }) => resumes >= 1)");
            page.evaluate(
                    "() => window.contexts.forEach((context) => context.dispatchEvent(new Event('statechange')))");
            assertThat(talk.button("Enable sound")).isHidden();
            fake.sing(1, 1_000);
            talk.awaitSound();
        });
    }

    @Test
    void aTrackThatTheSystemMutesIsAskedForAgain() {
        onPage(page -> {
            page.addInitScript("""
                    window.streams = [];
                    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                    navigator.mediaDevices.getUserMedia = async (constraints) => {
                      const stream = await real(constraints);
                      window.streams.push(stream);
                      return stream;
                    };
                    """);
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitPhase("userSpeaking");

            page.evaluate("""
                    () => {
                      const [track] = window.streams[0].getAudioTracks();
                      Object.defineProperty(track, 'muted', { value: true });
                      track.dispatchEvent(new Event('mute'));
                    }""");

            page.waitForFunction("() => window.streams.length === 2");
            int before = fake.binaries(1).size();
            page.waitForCondition(() -> fake.binaries(1).size() > before + 50);
            assertEquals("ended", page.evaluate("() => window.streams[0].getAudioTracks()[0].readyState"));
            assertEquals(1, fake.connections());
            assertThat(talk.alert()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void aVoiceIsHeardOnWhateverChannelItComes(int channel) {
        onPage(page -> {
            page.addInitScript("""
                    navigator.mediaDevices.getUserMedia = async () => {
                      const context = new AudioContext();
                      const tone = context.createOscillator();
                      const gain = context.createGain();
                      gain.gain.value = 0.5;
                      const merger = context.createChannelMerger(2);
                      const target = context.createMediaStreamDestination();
                      target.channelCount = 2;
                      tone.connect(gain).connect(merger, 0, CHANNEL);
                      merger.connect(target);
                      tone.start();
                      return target.stream;
                    };
                    """.replace("CHANNEL", Integer.toString(channel)));
            FakeService fake = FakeService.behind(page);
            Talk.open(page, service.toString()).start();

            page.waitForCondition(() -> fake.binaries(1).size() > 60);

            // A sine of half the range on one of two channels: 0.5 / 2 / sqrt(2) of 32,767.
            assertEquals(5_792, rms(fake.binaries(1).subList(30, 60)), 5_792 * 0.1);
        });
    }

    @Test
    void theAnswerBehindATurnThatWasCutAndNeverEndedIsHeardAndStandsByItself() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("A story, please.");
            talk.awaitPhase("thinking");
            fake.say(
                    "{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"Once upon a time there was a king\"}");
            fake.sing(1, 10_000);
            talk.awaitSound();

            fake.say("{\"type\":\"interrupted\",\"turn\":1}");
            fake.sing(1, 1_000);
            talk.awaitSilence();
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"user\",\"text\":\"No, a poem.\"}");
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"Roses are red.\"}");
            fake.sing(1, 1_200);

            talk.awaitSound();
            talk.awaitTrue("conversation.latency.droppedChunks === 5");
            assertThat(talk.articles("model")).hasCount(2);
            assertThat(talk.articles("model").last().locator(".body")).hasText("Roses are red.");
            assertThat(talk.articles("user").last().locator(".body")).hasText("No, a poem.");
            assertThat(talk.articles("model").first().locator(".tag")).hasText("not heard");
            talk.screenshot("foreign", "answer-behind-a-cut-turn");
        });
    }

    @Test
    void speechWithoutSpacesIsCutWhereItWasCutOff() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("sing");
            talk.awaitPhase("thinking");
            String text =
                    "\u4eca\u5929\u5929\u6c14\u5f88\u597d\u6211\u4eec\u53bb\u516c\u56ed\u6563\u6b65\u5427".repeat(4);
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"" + text + "\"}");
            fake.sing(1, 60_000);
            talk.awaitSound();

            fake.say("{\"type\":\"interrupted\",\"turn\":1}");

            talk.awaitTrue("conversation.transcript.items[1].interrupted");
            // Anything below half: it was heard for some seconds of a minute, on however slow a machine.
            assertTrue(talk.number("conversation.transcript.items[1].heardChars") < text.length() / 2.0);
            assertThat(talk.articles("model").first().locator(".unheard")).isVisible();
        });
    }

    @Test
    void aSetupThatIsSwallowedIsTriedAgainThreeTimesAndThenWhenThePersonWants() {
        onPage(page -> {
            page.addInitScript("Math.random = () => 0;");
            FakeService fake = FakeService.behind(page).answering(false);
            Talk talk = Talk.open(page, service.toString()).start();
            for (int attempt = 1; attempt <= 4; attempt++) {
                int expected = attempt;
                page.waitForCondition(() -> fake.openings().size() == expected);
                fake.say(
                        "{\"type\":\"error\",\"code\":\"upstream_unreachable\",\"message\":\"Gemini did not confirm the"
                                + " setup.\",\"fatal\":true}");
                fake.close(3000, "");
            }

            talk.awaitText(talk.alert(), "The model cannot be reached at the moment");
            talk.awaitState("Stopped");
            page.waitForTimeout(1_000);
            assertEquals(4, fake.connections());
            fake.answering(true);
            talk.button("Try again").click();
            talk.awaitState("Listening");
        });
    }

    @Test
    void everyKindOfGroundingIsShown() {
        for (boolean phone : new boolean[] {false, true}) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                Browser.NewContextOptions options = new Browser.NewContextOptions()
                        .setLocale("en-GB")
                        .setColorScheme(scheme)
                        .setViewportSize(phone ? 390 : 1280, phone ? 844 : 800)
                        .setHasTouch(phone)
                        .setIsMobile(phone);
                try (BrowserContext context = chromium.browser().newContext(options)) {
                    Page page = context.newPage();
                    FakeService fake = FakeService.behind(page);
                    Talk talk = Talk.open(page, service.toString());
                    talk.type("When can I walk on the beach?");
                    page.waitForCondition(() -> !fake.texts().isEmpty());
                    fake.say(
                            "{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"Around noon; low tide is at 12:40.\"}");

                    fake.say(GROUNDING);
                    fake.say("{\"type\":\"turnComplete\",\"turn\":1}");

                    talk.awaitText(page.locator("article.model .sources").first(), "Tides at Saint-Malo");
                    assertEquals(
                            List.of(
                                    "Tides at Saint-Malo",
                                    "Google Maps Plage du Sillon",
                                    "Review Best at low tide",
                                    "Document harbour-manual.pdf p. 12",
                                    "Picture The beach",
                                    "Could not be read: https://unsafe.example/",
                                    "tide tables Saint-Malo",
                                    "highest tide today"),
                            page.locator(".sources li").allInnerTexts());
                    assertEquals(
                            List.of(
                                    "https://tides.example/saint-malo",
                                    "https://maps.google.com/?cid=7",
                                    "https://maps.google.com/r/7",
                                    "https://pictures.example/",
                                    "https://www.google.com/search?q=tide+tables+Saint-Malo",
                                    "https://www.google.com/search?q=highest+tide+today"),
                            page.locator(".sources a").evaluateAll("(links) => links.map((link) => link.href)"));
                    talk.screenshot(
                            "foreign",
                            "grounding" + (phone ? "-phone" : "") + "-"
                                    + scheme.name().toLowerCase(java.util.Locale.ROOT));
                }
            }
        }
    }

    private static String direction(Page page, String selector) {
        return (String) page.locator(selector).first().evaluate("(element) => getComputedStyle(element).direction");
    }

    private static double rms(List<byte[]> frames) {
        double sum = 0;
        long count = 0;
        for (byte[] frame : frames) {
            ByteBuffer samples =
                    ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).position(8);
            for (; samples.remaining() >= 2; count++) {
                double sample = samples.getShort();
                sum += sample * sample;
            }
        }
        return Math.sqrt(sum / count);
    }

    private void onPage(Consumer<Page> test) {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setLocale("en-GB")
                        .setPermissions(List.of("microphone", "camera")))) {
            test.accept(context.newPage());
        }
    }
}
