package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.livebridge.simulator.ConnectionStatistics;
import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Picture;
import dev.livebridge.simulator.Simulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OpenConnections;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Conversations in a real browser, through the real service, with the simulator. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationBrowserTest {

    /** Long, because the answer repeats it and the next one shall begin while the answer is being spoken. */
    private static final double SPEECH_SECONDS = 5.0;

    private static final double PAUSE_SECONDS = 3.0;

    @TestHTTPResource("/")
    URI service;

    @Inject
    Simulator simulator;

    @Inject
    OpenConnections connections;

    @Inject
    MeterRegistry registry;

    private Chromium chromium;
    private BrowserContext context;
    private Page page;
    private final Set<String> hosts = new LinkedHashSet<>();

    @BeforeAll
    void launch() {
        Path voice = Voice.speech(SPEECH_SECONDS, PAUSE_SECONDS);
        chromium = Chromium.launch(voice, Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void openPage() {
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 800)
                        .setColorScheme(ColorScheme.LIGHT)
                        .setPermissions(List.of("microphone", "camera")));
        page = context.newPage();
        page.onRequest(request -> hosts.add(URI.create(request.url()).getAuthority()));
    }

    @AfterEach
    void closePage() {
        context.close();
    }

    @Test
    void whatIsSaidIsAnsweredAloudAndInWords() {
        Talk talk = Talk.open(page, service.toString()).start();

        talk.awaitPhase("speaking");
        talk.awaitSound();

        talk.awaitText(talk.articles("user").first(), "seconds of speech");
        talk.awaitText(talk.articles("model").first(), "You said");
        assertTrue(talk.number("conversation.latency.firstAudio.last") > 0);
        talk.screenshot("conversation", "answered");
    }

    @Test
    void talkingOverTheModelSilencesIt() {
        Talk talk = Talk.open(page, service.toString()).start();
        talk.awaitPhase("speaking");

        // The microphone's recording restarts while the answer is still being played.
        talk.awaitTrue("conversation.latency.interruption.count > 0");

        // Which answer it was depends on when the recording began.
        assertThat(talk.articles("model").locator(".tag").first()).hasText("not heard");
        TimeBudget.hold("message to silence", talk.number("conversation.latency.interruption.last"), 60);
        talk.screenshot("conversation", "interrupted");
    }

    @Test
    void aTurnIsTimedTogether() {
        Timer firstSound = registry.get("livebridge.client.first.sound").timer();
        long before = firstSound.count();
        Talk talk = Talk.open(page, service.toString());

        talk.type("Hello");

        talk.awaitTrue("conversation.latency.bars()[0]?.service > 0");
        await().atMost(Duration.ofSeconds(30)).until(() -> firstSound.count() == before + 1);
        assertThat(talk.alert()).isEmpty();
        System.out.printf(
                "first sound: %.0f ms, of which in the service %.1f ms%n",
                talk.number("conversation.latency.bars()[0].total"),
                talk.number("conversation.latency.bars()[0].service"));
    }

    @Test
    void escapeSilencesTheModelHereAndNow() {
        Talk talk = Talk.open(page, service.toString());
        talk.type("Tell me a story");
        talk.awaitSound();
        talk.awaitText(talk.articles("model").first(), "\\w+");
        page.keyboard().press("Tab");

        page.keyboard().press("Escape");

        talk.awaitTrue("conversation.latency.interruption.count > 0");
        talk.awaitSilence();
        assertThat(talk.articles("model").first().locator(".tag")).hasText("not heard");
    }

    @Test
    void typingNeedsNoMicrophone() {
        Talk talk = Talk.open(page, service.toString());

        talk.type("Hello");

        talk.awaitText(talk.articles("user").first(), "Hello");
        talk.awaitSound();
        talk.awaitText(talk.articles("model").first(), "\\w+");
        assertThat(talk.button("Mute")).hasCount(0);
        assertEquals(0, newest().audio().chunks());
    }

    @Test
    void theMicrophoneArrivesUninterrupted() {
        Talk talk = Talk.open(page, service.toString()).start();
        talk.awaitState("Listening");

        await().atMost(Duration.ofSeconds(20)).until(() -> newest().audio().bytes() >= 5 * 32_000);

        assertEquals(0.0, talk.number("conversation.latency.droppedChunks"));
        TimeBudget.hold(
                "capture to socket, p95", talk.number("conversation.latency.captureToSocket.percentile(95)"), 25);
    }

    @Test
    void theCameraIsSeen() {
        Talk talk = Talk.open(page, service.toString()).start();
        talk.awaitState("Listening");

        talk.button("Camera").click();

        Picture picture = awaitPicture();
        assertTrue(picture.jpeg());
        assertEquals("image/jpeg", picture.mimeType());
        assertEquals(768, Math.max(picture.width(), picture.height()));
        assertThat(page.locator(".preview")).hasCount(1);
        talk.awaitText(page.locator(".preview figcaption"), "1 fps\\s+· " + picture.width() + " × " + picture.height());
        talk.screenshot("conversation", "camera");
        page.evaluate("() => { window.restarts = 0; document.querySelector('gemini-live').shadowRoot"
                + ".querySelector('.preview video').addEventListener('emptied', () => window.restarts++); }");
        talk.awaitTrue("conversation.pictures.sent('camera').sent > 3");
        assertEquals(0, page.evaluate("() => window.restarts"), "the preview runs through");
        talk.button("Camera").click();
        assertThat(page.locator(".preview")).hasCount(0);
    }

    @Test
    void theScreenIsSeen() {
        Talk talk = Talk.open(page, service.toString()).start();
        talk.awaitState("Listening");

        talk.button("Share screen").click();

        Picture picture = awaitPicture();
        assertTrue(picture.jpeg());
        assertEquals(768, Math.max(picture.width(), picture.height()));
        // The browser's own "Stop sharing" ends the track.
        page.evaluate("() => document.querySelector('gemini-live').conversation.pictures.stream('screen')"
                + ".getTracks()[0].dispatchEvent(new Event('ended'))");
        assertThat(talk.button("Share screen")).hasAttribute("aria-pressed", "false");
    }

    @Test
    void cameraAndScreenShareOneBudget() {
        Talk talk = Talk.open(page, service.toString()).start();
        talk.awaitState("Listening");

        talk.button("Camera").click();
        talk.button("Share screen").click();

        assertThat(page.locator(".preview")).hasCount(2);
        assertEquals(0.5, talk.number("conversation.pictures.rate"));
        talk.awaitTrue("conversation.pictures.sent('camera')?.sent > 0");
        talk.awaitTrue("conversation.pictures.sent('screen')?.sent > 0");
        talk.screenshot("conversation", "camera-and-screen");
    }

    @Test
    void aRestartingServiceIsSurvived() {
        Talk talk = Talk.open(page, service.toString());
        talk.type("My name is Ada");
        talk.awaitText(talk.articles("model").first(), "\\w+");

        closeAll(new CloseReason(1012, "restarting"));

        talk.awaitTrue("conversation.log.some((entry) => entry.event === 'lost')");
        talk.awaitTrue("conversation.live");
        assertThat(talk.articles("user")).hasCount(1);
        talk.type("Hello");
        talk.awaitText(talk.articles("model").last(), "\\w+");
    }

    @Test
    void aReloadedPageTakesItsConversationUpAgain() {
        Talk talk = Talk.open(page, service.toString());
        talk.type("My name is Ada");
        talk.awaitText(talk.articles("model").first(), "\\w+");
        page.waitForFunction("() => sessionStorage.getItem('livebridge.resume') !== null");

        page.reload();
        talk.button("Continue the last conversation").click();

        talk.awaitState("Connected");
        assertThat(talk.articles("user")).containsText("My name is Ada");
        assertThat(page.locator(".notice-item")).hasCount(0);
        talk.type("What is my name?");
        talk.awaitText(talk.articles("model").last(), "Ada");
        talk.screenshot("conversation", "continued-after-reload");
    }

    @Test
    void aBrokenConversationGoesOnWhereItWas() {
        Talk talk = Talk.open(page, service.toString());
        talk.type("My name is Ada");
        talk.awaitText(talk.articles("model").first(), "\\w+");
        talk.awaitState("Connected");
        page.waitForFunction("() => sessionStorage.getItem('livebridge.resume') !== null");

        closeAll(new CloseReason(1001, "the way was lost"));

        talk.awaitTrue("conversation.log.some((entry) => entry.event === 'continued')");
        talk.awaitTrue("conversation.live");
        assertThat(page.locator(".conversation article")).hasCount(2);
        talk.type("What is my name?");
        talk.awaitText(talk.articles("model").last(), "Ada");
    }

    @Test
    void aReplyIsOneThoughTheConnectionWasLostInTheMiddle() {
        Talk talk = Talk.open(page, service.toString());
        talk.type("Tell me a long story");
        talk.awaitText(talk.articles("model").first(), "\\w+");
        talk.awaitState("Speaking");
        page.waitForFunction("() => sessionStorage.getItem('livebridge.resume') !== null");

        closeAll(new CloseReason(1001, "the way was lost"));

        talk.awaitTrue("conversation.log.some((entry) => entry.event === 'continued')");
        talk.awaitState("Connected");
        assertThat(talk.articles("model")).hasCount(1);
    }

    @Test
    void aLostModelIsFoundAgainAndRemembers() {
        Talk talk = Talk.open(page, service.toString());
        talk.type("My name is Ada");
        talk.awaitText(talk.articles("model").first(), "\\w+");
        talk.awaitState("Connected");

        simulator.faults().now("", new Fault.Drop(new Fault.Moment.AfterSetupComplete(Duration.ZERO)));

        talk.awaitTrue("conversation.log.some((entry) => entry.event === 'continued')");
        talk.awaitState("Connected");
        assertThat(talk.alert()).isEmpty();
        talk.type("What is my name?");
        talk.awaitText(talk.articles("model").last(), "Ada");
    }

    @Test
    void endingReleasesEverything() {
        Talk talk = Talk.open(page, service.toString()).start();
        talk.awaitState("Listening");
        talk.button("Camera").click();
        talk.awaitTrue("conversation.pictures.sent('camera')?.sent > 0");
        page.evaluate("() => { const { pictures } = document.querySelector('gemini-live').conversation;"
                + " window.tracks = pictures.stream('camera').getTracks(); }");

        talk.button("End").click();

        talk.awaitState("Ended");
        assertEquals(true, page.evaluate("() => window.tracks.every((track) => track.readyState === 'ended')"));
        await().atMost(Duration.ofSeconds(10)).until(() -> newest().ending().isPresent());
        await().atMost(Duration.ofSeconds(10)).until(() -> connections.listAll().isEmpty());
        talk.screenshot("conversation", "ended");
    }

    @Test
    void theElementsRemovalEndsTheConversation() {
        Talk.open(page, service.toString()).start().awaitState("Listening");

        page.evaluate("() => document.querySelector('gemini-live').remove()");

        await().atMost(Duration.ofSeconds(10)).until(() -> connections.listAll().isEmpty());
    }

    @Test
    void everythingWorksByKeyboard() {
        Talk talk = Talk.open(page, service.toString());
        talk.button("Start").focus();

        page.keyboard().press("Enter");
        talk.awaitState("Listening");
        page.keyboard().press("Tab");
        page.keyboard().press("m");
        talk.awaitState("Muted");
        page.keyboard().press("m");
        talk.awaitState("Listening");
        page.keyboard().press("l");
        assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.DIALOG))
                .isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.DIALOG))
                .hasCount(0);
        page.keyboard().press("/");
        page.keyboard().type("mvl hello");
        assertThat(talk.message()).hasValue("mvl hello");
        assertThat(talk.button("Mute")).hasAttribute("aria-pressed", "false");
        page.keyboard().press("Enter");
        talk.awaitText(talk.articles("user").last(), "mvl hello");
    }

    @Test
    void pushToTalkIsHeard() {
        Talk talk = Talk.open(page, service.toString());
        page.evaluate("() => document.querySelector('gemini-live').changeSettings({ turns: 'ptt' })");
        talk.start();
        talk.awaitState("Hold to talk");

        talk.button("Talk").hover();
        page.mouse().down();
        talk.awaitPhase("userSpeaking");
        page.waitForTimeout(1_500);
        page.mouse().up();

        talk.awaitSound();
        talk.awaitText(talk.articles("model").first(), "You said");
        assertEquals("release", talk.value("conversation.latency.bars()[0].origin"));
        assertTrue(newest().audio().bytes() >= 32_000 * 2, "300 ms before, 1.5 s during, 500 ms after");
    }

    @Test
    void noOtherHostIsAsked() {
        Talk talk = Talk.open(page, service.toString());
        talk.button("Settings").click();
        page.getByRole(com.microsoft.playwright.options.AriaRole.DIALOG).waitFor();
        talk.button("Close").click();
        talk.type("Hello");
        talk.awaitSound();

        hosts.remove(null);
        assertEquals(Set.of(service.getAuthority()), hosts);
    }

    @Test
    void clickToListeningIsReported() {
        Talk talk = Talk.open(page, service.toString());
        page.evaluate("() => { const live = document.querySelector('gemini-live');"
                + " live.addEventListener('gl-state', ({ detail }) => {"
                + "   if (detail.state === 'permission') window.clicked = performance.now();"
                + "   if (detail.state === 'listening') window.listening ??= performance.now(); }); }");

        talk.start().awaitState("Listening");

        double milliseconds = ((Number) page.evaluate("() => window.listening - window.clicked")).doubleValue();
        TimeBudget.hold("click to listening", milliseconds, 700);
    }

    @Test
    void thePageIsThereAfterFewRequests() {
        List<String> requests = new java.util.concurrent.CopyOnWriteArrayList<>();
        page.onRequest(request -> {
            if (!request.url().startsWith("data:")) {
                requests.add(request.url());
            }
        });

        Talk.open(page, service.toString());

        System.out.printf("requests before the page can be used: %d (budget 8)%n", requests.size());
        assertTrue(requests.size() <= 8, requests::toString);
    }

    @Test
    void thePageStaysResponsiveAndTheOrbModest() {
        Talk talk = Talk.open(page, service.toString());
        page.evaluate("""
                () => {
                  window.longest = 0;
                  new PerformanceObserver((list) => {
                    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
                  }).observe({ type: 'longtask' });
                  window.moves = [];
                  const stage = document.querySelector('gemini-live').shadowRoot.querySelector('.stage');
                  new MutationObserver(() => window.moves.push(performance.now()))
                    .observe(stage, { attributes: true, attributeFilter: ['style'] });
                }""");
        talk.type("Tell me a story");
        talk.awaitPhase("speaking");

        page.waitForFunction("() => window.moves.length >= 30");

        double rate = ((Number) page.evaluate("() => 1000 * 29 / (window.moves.at(-1) - window.moves.at(-30))"))
                .doubleValue();
        System.out.printf("orb: %.0f moves a second (budget 30)%n", rate);
        assertTrue(rate <= 31, () -> rate + " a second");
        TimeBudget.hold(
                "longest task of the main thread", ((Number) page.evaluate("() => window.longest")).doubleValue(), 50);
    }

    private ConnectionStatistics newest() {
        List<ConnectionStatistics> all = simulator.statistics().connections();
        return all.get(all.size() - 1);
    }

    private Picture awaitPicture() {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> newest().lastPicture(), java.util.Optional::isPresent)
                .orElseThrow();
    }

    private void closeAll(CloseReason reason) {
        connections.listAll().forEach((WebSocketConnection connection) -> connection.closeAndAwait(reason));
    }
}
