package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One conversation over several connections, and the page's messages about it. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContinuityBrowserTest {

    private static final String SAID = """
            [{"role":"user","text":"My name is Ada."},{"role":"model","text":"Hello Ada."}]""";

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(Voice.speech(2, 6), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void aBrokenConversationIsTakenUpAgainAndDoublesNothing() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);

            fake.answering(false).close(3000, "gone");
            page.waitForCondition(() -> fake.openings().size() == 2);
            fake.sayResumed("resumed", SAID);

            assertEquals("newest", fake.openings().get(1).at("/resume/token").asText());
            assertThat(page.locator(".badge")).hasText("Continued");
            talk.awaitTrue("conversation.live");
            assertThat(page.locator(".conversation article")).hasCount(2);
            talk.screenshot("continuity", "continued");
        });
    }

    @Test
    void aReloadedPageOffersToContinue() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);
            fake.answering(false);

            page.reload();
            talk.screenshot("continuity", "reloaded");
            talk.button("Continue the last conversation").click();
            page.waitForCondition(() -> fake.openings().size() == 2);
            fake.sayResumed("resumed", SAID);

            assertEquals("newest", fake.openings().get(1).at("/resume/token").asText());
            assertThat(talk.articles("user")).containsText("My name is Ada.");
            assertThat(talk.articles("model")).containsText("Hello Ada.");
            talk.awaitState("Connected");
            assertThat(talk.button("Mute")).hasCount(0);
        });
    }

    @Test
    void whatIsOutOfDateIsNotOffered() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);
            fake.say("{\"type\":\"resumeToken\",\"token\":\"brief\",\"expiresInMs\":12000}");
            page.waitForFunction("() => sessionStorage.getItem('livebridge.resume').includes('brief')");
            fake.answering(false);

            page.reload();

            assertThat(talk.button("Continue the last conversation")).isVisible();
            talk.awaitTrue("conversation.resumable === false");
            assertThat(talk.button("Continue the last conversation")).hasCount(0);
        });
    }

    @Test
    void whatWasEndedIsForgotten() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);

            talk.button("End").click();
            talk.awaitState("Ended");

            assertNull(page.evaluate("() => sessionStorage.getItem('livebridge.resume')"));
            page.reload();
            talk.button("Start").waitFor();
            assertThat(talk.button("Continue the last conversation")).hasCount(0);
        });
    }

    @Test
    void aMoveIsNeitherSeenNorHeard() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);
            fake.sing(2, 20_000);
            talk.awaitPhase("speaking");

            fake.answering(false);
            fake.say("""
                    {"type":"migrate","token":"moving","expiresInMs":60000}""");
            page.waitForCondition(() -> fake.openings().size() == 2);
            assertThat(page.locator(".badge")).hasText("Renewing");
            fake.sayResumed("resumed", SAID);

            assertThat(page.locator(".badge")).hasCount(0);
            assertEquals("moving", fake.openings().get(1).at("/resume/token").asText());
            assertEquals(
                    false,
                    talk.value("conversation.log.some((entry) =>"
                            + " ['lost', 'silent', 'flushed'].includes(entry.event) && entry.from === 'speaking')"));
            talk.awaitSound();
            talk.awaitState("Speaking");
        });
    }

    @Test
    void aRefusedTokenBeginsAnewWithTheTranscriptOnScreen() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);
            fake.answering(false).close(3000, "gone");
            page.waitForCondition(() -> fake.openings().size() == 2);

            fake.answering(true).say("""
                    {"type":"error","code":"resume_refused","message":"This token is not ours.","fatal":true}""");
            fake.close(3000, "");
            page.waitForCondition(() -> fake.openings().size() == 3);

            assertEquals(true, fake.openings().get(2).has("setup"));
            talk.awaitText(page.locator(".notice-item"), "A new conversation begins here");
            assertThat(talk.articles("user")).containsText("My name is Ada.");
            assertThat(talk.alert()).isEmpty();
            page.waitForCondition(() -> !fake.texts().isEmpty());
            assertEquals(
                    "My name is Ada.",
                    fake.texts()
                            .get(fake.texts().size() - 1)
                            .at("/clientContent/turns/0/parts/0/text")
                            .asText());
            talk.screenshot("continuity", "refused");
        });
    }

    @Test
    void theModelsConnectionIsSpokenOfHonestly() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);

            fake.say("{\"type\":\"upstream\",\"state\":\"renewing\"}");
            assertThat(page.locator(".badge")).hasText("Renewing");
            talk.awaitState("Connected");
            fake.say("{\"type\":\"upstream\",\"state\":\"reconnecting\",\"attempt\":1,\"retryInMs\":4000}");
            talk.awaitState("Reconnecting");
            assertThat(page.locator(".caption")).containsText("The connection to the model was lost.");
            fake.say("{\"type\":\"upstream\",\"state\":\"ready\",\"memory\":\"rebuilt\"}");

            talk.awaitState("Connected");
            assertThat(page.locator(".notice-item")).containsText("memory was rebuilt");
            assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.STATUS))
                    .containsText("memory was rebuilt");
        });
    }

    @Test
    void aWarningCountsDownAndThePersonCanStay() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);
            Locator warning = page.locator(".notice.warning");

            fake.say("{\"type\":\"warning\",\"code\":\"idle_timeout\",\"message\":\"Quiet.\",\"inMs\":50000}");

            talk.awaitText(warning, "ends in (50|4\\d) seconds");
            assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.STATUS))
                    .containsText("Say or type something");
            talk.awaitText(warning, "ends in (4[0-7]|3\\d) seconds");
            talk.button("Stay").click();
            assertThat(warning).hasCount(0);
            page.waitForCondition(() -> fake.texts().stream()
                    .anyMatch(message ->
                            message.at("/realtimeInput/audioStreamEnd").asBoolean()));
        });
    }

    @Test
    void theEndOfALongConversationIsAnnouncedAndANewOneKnowsTheOld() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = introduced(page, fake);

            fake.say("{\"type\":\"warning\",\"code\":\"max_duration\",\"message\":\"Long.\",\"inMs\":300000}");
            talk.button("Continue in a new conversation").click();

            page.waitForCondition(() -> fake.openings().size() == 2);
            assertEquals(true, fake.openings().get(1).has("setup"));
            talk.awaitText(page.locator(".notice-item"), "The model knows the text above");
            assertThat(page.locator(".notice.warning")).hasCount(0);
        });
    }

    /** A typed conversation that holds a token. */
    private Talk introduced(Page page, FakeService fake) {
        Talk talk = Talk.open(page, service.toString());
        talk.type("My name is Ada.");
        page.waitForCondition(() -> !fake.texts().isEmpty());
        fake.say("{\"type\":\"transcript\",\"turn\":1,\"role\":\"model\",\"text\":\"Hello Ada.\"}");
        fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
        fake.say("{\"type\":\"resumeToken\",\"token\":\"older\",\"expiresInMs\":60000}");
        fake.say("{\"type\":\"resumeToken\",\"token\":\"newest\",\"expiresInMs\":60000}");
        talk.awaitText(talk.articles("model").first(), "Hello Ada.");
        page.waitForFunction("() => sessionStorage.getItem('livebridge.resume')?.includes('newest')");
        return talk;
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
