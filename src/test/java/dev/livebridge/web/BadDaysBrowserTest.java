package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures of the network, the service and the model, and the page's reaction. */
@QuarkusTest
@TestProfile(BadDaysBrowserTest.WithAnInsecureName.class)
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadDaysBrowserTest {

    /** The service has a name that is not a loopback name, so the browser treats its pages as insecure. */
    public static class WithAnInsecureName implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("livebridge.browser.hosts", "127.0.0.1,localhost,insecure.test");
        }
    }

    private static final String KEEP_STREAMS = """
            window.streams = [];
            const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (constraints) => {
              const stream = await real(constraints);
              window.streams.push(stream);
              return stream;
            };
            """;

    /** The test sends turns at maximum speed; a busy browser needs time for them. */
    private static final Duration TURNS_PATIENCE = Duration.ofMinutes(2);

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(
                Voice.speech(2, 2), "--host-resolver-rules=MAP insecure.test 127.0.0.1", Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void aBlockedMicrophoneIsExplainedAndTypingWorks() {
        try (Chromium strict = Chromium.launch(Voice.silence());
                BrowserContext context = strict.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();

            talk.awaitText(talk.alert(), "Microphone is blocked");
            talk.screenshot("bad-days", "blocked");
            talk.button("Type instead").click();

            talk.awaitPhase("listening");
            talk.type("hi");
            page.waitForCondition(() -> !fake.texts().isEmpty());
            assertEquals("hi", fake.texts().get(0).at("/text").asText());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NotFoundError, No microphone found",
        "NotReadableError, Another program is using the microphone",
        "AbortError, Another program is using the microphone",
        "TypeError, The microphone could not be opened"
    })
    void aFailingMicrophoneIsExplained(String error, String words) {
        onPage(page -> {
            page.addInitScript("navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('x', '"
                    + error + "'); };");
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();

            talk.awaitText(talk.alert(), words);
            talk.awaitState("Stopped");
            assertEquals(0, fake.connections(), "nothing is opened for nothing");
            assertThat(talk.button("Try again")).isVisible();
        });
    }

    @Test
    void aMicrophoneThatIsConnectedAfterwardsIsNoticed() {
        onPage(page -> {
            page.addInitScript("navigator.mediaDevices.getUserMedia = async () => {"
                    + " throw new DOMException('x', 'NotFoundError'); };");
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitText(talk.alert(), "No microphone found");

            page.evaluate("() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))");

            talk.awaitText(talk.alert(), "A microphone is there now");
            assertThat(talk.button("Try again")).isVisible();
        });
    }

    @Test
    void aDismissedPromptCanBeAskedAgain() {
        onPage(page -> {
            page.addInitScript("""
                    let asked = 0;
                    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                    navigator.permissions.query = async () => ({ state: 'prompt' });
                    navigator.mediaDevices.getUserMedia = async (constraints) => {
                      if (asked++ === 0) throw new DOMException('Permission dismissed', 'NotAllowedError');
                      return real(constraints);
                    };
                    """);
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitText(talk.alert(), "No microphone access yet");

            talk.button("Try again").click();

            talk.awaitState("Listening");
            assertThat(talk.alert()).isEmpty();
        });
    }

    @Test
    void anUnpluggedMicrophoneIsReplacedWithoutEndingTheConversation() {
        onPage(page -> {
            page.addInitScript(KEEP_STREAMS);
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitPhase("userSpeaking");
            int before = fake.binaries(1).size();

            page.evaluate("() => { const [track] = window.streams[0].getTracks(); track.stop();"
                    + " track.dispatchEvent(new Event('ended')); }");

            page.waitForFunction("() => window.streams.length === 2");
            page.waitForCondition(() -> fake.binaries(1).size() > before + 50);
            assertEquals(1, fake.connections());
            assertThat(talk.alert()).isEmpty();
        });
    }

    @Test
    void aMicrophoneThatDeliversZerosIsNoticed() {
        try (Chromium deaf = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
                BrowserContext context = deaf.browser().newContext()) {
            Page page = context.newPage();
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();

            talk.awaitText(talk.alert(), "No sound comes from .+\\. Choose another microphone");
            talk.screenshot("bad-days", "deaf");
        }
    }

    @Test
    void aRefusedCameraLeavesTheConversationAlone() {
        onPage(page -> {
            page.addInitScript("""
                    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                    navigator.mediaDevices.getUserMedia = async (constraints) => {
                      if (constraints.video) throw new DOMException('x', 'NotReadableError');
                      return real(constraints);
                    };
                    """);
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");

            talk.button("Camera").click();

            talk.awaitText(talk.alert(), "Another program is using the camera");
            assertThat(talk.button("Camera")).hasAttribute("aria-pressed", "false");
            talk.button("Dismiss").last().click();
            assertThat(talk.alert()).isEmpty();
            talk.awaitState("Listening");
        });
    }

    @Test
    void anInsecurePageExplainsItselfAndCanType() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, "http://insecure.test:" + service.getPort() + "/")
                    .start();

            talk.awaitText(talk.alert(), "The microphone needs a secure page");
            talk.screenshot("bad-days", "insecure");
            talk.type("hi");

            page.waitForCondition(() -> !fake.texts().isEmpty());
            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"Hello.\"}");
            talk.awaitText(talk.articles("model").first(), "Hello.");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "policy, does not allow this conversation",
        "upstream_credentials, The operator has to set a valid key",
        "upstream_region, not available in the service's region",
        "bad_setup, Change them and try again"
    })
    void refusalsAreExplainedAndNotRetried(String code, String words) {
        onPage(page -> {
            FakeService fake = FakeService.behind(page).answering(false);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitPhase("connecting");

            fake.say("{\"type\":\"error\",\"code\":\"" + code + "\",\"message\":\"Own words.\",\"fatal\":true}");
            fake.close(3000, "");

            talk.awaitText(talk.alert(), words);
            talk.awaitText(talk.alert(), "Own words.");
            talk.awaitState("Stopped");
            page.waitForTimeout(1_000);
            assertEquals(1, fake.connections());
        });
    }

    @Test
    void aSocketThatIsRefusedAtTheDoorIsNotCalledLost() {
        // The origin of this page is not that of its socket; its own policy would not even let it try.
        try (BrowserContext context =
                chromium.browser().newContext(new Browser.NewContextOptions().setBypassCSP(true))) {
            Page page = context.newPage();
            Talk talk = Talk.open(page, "http://insecure.test:" + service.getPort() + "/");
            page.evaluate(
                    "(endpoint) => { document.querySelector('gemini-live').endpoint = endpoint; }",
                    "ws://127.0.0.1:" + service.getPort() + "/live");

            talk.type("hi");

            talk.awaitText(page.locator(".caption"), "The service cannot be reached");
            assertThat(talk.articles("user")).containsText("hi");
            assertThat(talk.button("Retry now")).isVisible();
        }
    }

    @Test
    void aLostConnectionIsRetriedAndThePersonCanHurryIt() {
        onPage(page -> {
            page.addInitScript("Math.random = () => 1;");
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");

            fake.answering(false).close(3000, "");
            page.waitForCondition(() -> fake.connections() == 2);
            fake.close(3000, "");
            page.waitForCondition(() -> fake.connections() == 3);
            fake.close(3000, "");
            talk.awaitText(page.locator(".caption"), "Connection lost. Retrying in \\d second");
            talk.screenshot("bad-days", "lost-again");
            fake.answering(true);
            talk.button("Retry now").click();

            talk.awaitState("Listening");
            assertEquals(4, fake.connections());
        });
    }

    @Test
    void errorsThatAreNotFatalLeaveTheConversationAlone() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");

            fake.say("{\"type\":\"error\",\"code\":\"bad_message\",\"message\":\"Unknown key.\",\"fatal\":false}");
            fake.say(new byte[] {1, 2, 3});
            fake.say(new byte[] {(byte) 200, 0, 0, 0, 0, 0, 0, 0, 1});
            fake.say("not json");
            fake.say("{\"type\":\"somethingNew\"}");

            talk.awaitText(talk.alert(), "Unknown key.");
            talk.awaitTrue("conversation.latency.malformedFrames === 3");
            fake.sing(1, 600);
            talk.awaitSound();
            assertEquals(1, fake.connections());
        });
    }

    @Test
    void hostileMarkupStaysText() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("<img src=x onerror='window.hacked=1'>");
            page.waitForCondition(() -> !fake.texts().isEmpty());

            fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":"
                    + "\"**bold** <img src=x onerror='window.hacked=2'><script>window.hacked=3</script> "
                    + "<a href='javascript:window.hacked=4'>a</a> [b](javascript:window.hacked=5) "
                    + "[good](https://example.org/) <style>*{display:none}</style><form><input></form>\"}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");

            page.locator(".rich strong").waitFor();
            assertThat(talk.articles("user")).containsText("<img src=x");
            assertEquals(
                    0,
                    page.locator("article :is(img, script, style, form, input)").count());
            assertEquals(1, page.locator(".rich a[href]").count());
            assertThat(page.locator(".rich a[href]")).hasAttribute("rel", "noopener noreferrer");
            assertNull(page.evaluate("() => window.hacked"));
        });
    }

    @Test
    void soundOfADeadTurnIsNotHeard() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("sing");
            talk.awaitPhase("thinking");
            fake.sing(1, 10_000);
            talk.awaitSound();

            fake.say("{\"type\":\"interrupted\",\"turn\":1}");
            fake.sing(1, 5_000);
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");

            talk.awaitSilence();
            talk.awaitTrue("conversation.latency.droppedChunks === 25");
            fake.sing(2, 1_000);
            talk.awaitSound();
        });
    }

    @Test
    void theLoudnessIsTheModelsOwn() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("sing");
            talk.awaitPhase("thinking");

            fake.sing(1, 4_000);

            // A sine of amplitude 16,000 has a root mean square of 0.345.
            talk.awaitTrue("conversation.outputLevel > 0.33");
            talk.awaitTrue("conversation.outputLevel < 0.36");
            talk.awaitTrue("conversation.state.phase === 'speaking'");
        });
    }

    @Test
    void theMicrophoneIsNeitherFasterNorSlowerNorLouder() {
        try (Chromium tone = Chromium.launch(Voice.tone(1_000, 0.5012), Chromium.FAKE_PERMISSIONS);
                BrowserContext context = tone.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            page.evaluate("() => document.querySelector('gemini-live').changeSettings({ processing: false })");
            talk.start();

            page.waitForCondition(() -> fake.binaries(1).size() > 150);

            short[] heard = samples(fake.binaries(1).subList(50, 150));
            double power = 0;
            for (short sample : heard) {
                power += (double) sample * sample;
            }
            double rms = Math.sqrt(power / heard.length);
            assertEquals(1_000, strongest(heard, 900, 1_100), 5);
            assertEquals(11_612, rms, 11_612 * 0.05);
        }
    }

    @Test
    void aHiddenPageGoesOnHearingAndSeeing() {
        onPage(page -> {
            page.addInitScript("Object.defineProperty(document, 'visibilityState',"
                    + " { get: () => window.hiddenPage ? 'hidden' : 'visible' });");
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");
            talk.button("Camera").click();
            page.waitForCondition(() -> !fake.binaries(2).isEmpty());

            page.evaluate("() => { window.hiddenPage = true; document.dispatchEvent(new Event('visibilitychange')); }");

            talk.awaitTrue("conversation.state.flags.hidden");
            page.evaluate("""
                    () => {
                      window.moves = 0;
                      const stage = document.querySelector('gemini-live').shadowRoot.querySelector('.stage');
                      new MutationObserver(() => window.moves++)
                        .observe(stage, { attributes: true, attributeFilter: ['style'] });
                    }""");
            int pictures = fake.binaries(2).size();
            int chunks = fake.binaries(1).size();
            page.waitForCondition(() -> fake.binaries(2).size() >= pictures + 3);
            assertTrue(fake.binaries(1).size() > chunks + 50);
            assertTrue(((Number) page.evaluate("() => window.moves")).intValue() <= 1, "the orb is hidden");
        });
    }

    @Test
    void aReplyOfTenMinutesIsKeptWholeAndCanBeInterrupted() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("sing");
            talk.awaitPhase("thinking");

            fake.sing(1, 600_000);

            talk.awaitTrue("conversation.latency.buffer.depthMs > 560_000");
            talk.awaitSound();
            assertEquals(0.0, talk.number("conversation.latency.droppedChunks"));
            talk.button("Interrupt").click();
            talk.awaitSilence();
            talk.awaitTrue("conversation.latency.buffer.depthMs === 0");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            fake.sing(2, 1_000);
            talk.awaitSound();
        });
    }

    @Test
    void aHundredTurnsLeaveTheMemoryAlone() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitPhase("userSpeaking");
            for (int turn = 1; turn <= 20; turn++) {
                exchange(fake, turn);
            }
            talk.awaitTrue("conversation.transcript.items.length === 40", TURNS_PATIENCE);
            double before = usedHeap(page);

            for (int turn = 21; turn <= 120; turn++) {
                exchange(fake, turn);
            }
            talk.awaitTrue("conversation.transcript.items.length === 240", TURNS_PATIENCE);

            double grown = (usedHeap(page) - before) / 1_048_576;
            System.out.printf("heap growth over 100 turns: %.1f MB (budget 2.5 MB)%n", grown);
            assertTrue(grown < 2.5, () -> grown + " MB");
        });
    }

    @Test
    void theOutputDeviceCanBeChosen() {
        onPage(page -> {
            page.addInitScript("""
                    window.sinks = [];
                    const real = AudioContext.prototype.setSinkId;
                    AudioContext.prototype.setSinkId = function (id) { window.sinks.push(id); return real.call(this, id); };
                    """);
            FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");
            talk.button("Settings").click();
            talk.openExperts();
            Locator devices = page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Sound"))
                    .getByLabel("Device");

            devices.selectOption(new SelectOption().setIndex(1));

            page.waitForFunction("() => window.sinks.length === 1 && window.sinks[0] !== ''");
            assertEquals(devices.inputValue(), page.evaluate("() => window.sinks[0]"));
            assertThat(talk.alert()).isEmpty();
        });
    }

    @Test
    void anOutputDeviceThatFailsIsAdmitted() {
        onPage(page -> {
            page.addInitScript(
                    "AudioContext.prototype.setSinkId = async () => { throw new DOMException('x', 'NotFoundError'); };");
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString()).start();
            talk.awaitState("Listening");

            page.evaluate("() => document.querySelector('gemini-live').changeSettings({ speaker: 'gone' })");

            talk.awaitText(talk.alert(), "This output device cannot be used");
            fake.sing(1, 1_000);
            talk.awaitSound();
        });
    }

    @Test
    void theOtherLanguageIsComplete() {
        try (BrowserContext context =
                chromium.browser().newContext(new Browser.NewContextOptions().setLocale("de-DE"))) {
            Page page = context.newPage();
            FakeService.behind(page);
            page.navigate(service.toString());
            assertThat(page.locator(".caption")).containsText("Drücke Start, um zu sprechen, oder schreibe unten.");
            assertEquals("de", page.locator(".app").getAttribute("lang"));
        }
    }

    private void onPage(Consumer<Page> test) {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setLocale("en-GB")
                        .setPermissions(List.of("microphone", "camera")))) {
            test.accept(context.newPage());
        }
    }

    /** A question and its answer, with a little sound. */
    private static void exchange(FakeService fake, int turn) {
        fake.say("{\"type\":\"transcript\",\"turn\":" + turn + ",\"role\":\"user\",\"text\":\"What comes after number "
                + turn + "?\"}");
        fake.sing(turn, 200);
        fake.say("{\"type\":\"transcript\",\"turn\":" + turn
                + ",\"role\":\"model\",\"text\":\"After that comes another one, and then the next, as always.\"}");
        fake.say("{\"type\":\"generationComplete\",\"turn\":" + turn + "}");
        fake.say("{\"type\":\"turnComplete\",\"turn\":" + turn + "}");
    }

    /** Bytes of the JavaScript heap after a garbage collection. */
    private static double usedHeap(Page page) {
        CDPSession devtools = page.context().newCDPSession(page);
        devtools.send("HeapProfiler.collectGarbage");
        devtools.send("HeapProfiler.collectGarbage");
        double used = devtools.send("Runtime.getHeapUsage").get("usedSize").getAsDouble();
        devtools.detach();
        return used;
    }

    /** The frequency, to 1 Hz, at which a sound correlates best with a sine. */
    private static int strongest(short[] sound, int from, int to) {
        int best = from;
        double most = 0;
        for (int frequency = from; frequency <= to; frequency++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < sound.length; i++) {
                double angle = 2 * Math.PI * frequency * i / 16_000;
                real += sound[i] * Math.cos(angle);
                imaginary += sound[i] * Math.sin(angle);
            }
            double strength = Math.hypot(real, imaginary);
            if (strength > most) {
                most = strength;
                best = frequency;
            }
        }
        return best;
    }

    private static short[] samples(List<byte[]> frames) {
        int total = frames.stream().mapToInt(frame -> (frame.length - 8) / 2).sum();
        java.nio.ShortBuffer all = java.nio.ShortBuffer.allocate(total);
        for (byte[] frame : frames) {
            all.put(java.nio.ByteBuffer.wrap(frame, 8, frame.length - 8)
                    .slice()
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer());
        }
        return all.array();
    }
}
