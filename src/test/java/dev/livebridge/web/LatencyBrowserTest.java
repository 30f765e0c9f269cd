package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
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

/** The page's latency figures from the service's timing messages, and the page's beacons. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LatencyBrowserTest {

    /** Seven milliseconds in the service, up and down together, on a clock that is not the page's. */
    private static final String TIMING = """
            {"type":"timing","turn":1,"speechEndSource":"text","inputReceived":90000,"inputWritten":90003,
            "firstByteReceived":90400,"firstAudioReceived":90400,"firstAudioWritten":90404}""";

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

    @Test
    void theWaitIsSplitIntoNetworkServiceModelAndBuffer() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = answered(page, fake, 400);

            talk.awaitTrue("conversation.latency.bars()[0]?.service === 7");
            assertEquals(
                    0.0,
                    talk.number("conversation.latency.bars().map((bar) => Math.abs(bar.total - bar.network"
                            + " - bar.service - bar.model - bar.buffer))[0]"),
                    0.001,
                    "the parts are the whole");
            assertTrue(talk.number("conversation.latency.bars()[0].model") > 0);
            talk.openDetails();
            assertThat(page.locator(".legend")).containsText("Service");
            assertThat(page.locator(".bars li")).hasCount(1);
        });
    }

    @Test
    void theServiceIsToldOfEachTurnOnce() {
        onPage(page -> {
            FakeService fake = FakeService.behind(page);
            Talk talk = answered(page, fake, 10_000);

            fake.say("{\"type\":\"interrupted\",\"turn\":1}");
            talk.awaitTrue("conversation.latency.interruption.count === 1");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            page.waitForCondition(() -> !beacons(fake).isEmpty());
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
            fake.say("{\"type\":\"transcript\",\"turn\":2,\"role\":\"model\",\"text\":\"Behind it.\"}");
            talk.awaitText(talk.articles("model").last(), "Behind it.");

            assertEquals(1, beacons(fake).size());
            JsonNode beacon = beacons(fake).get(0);
            assertEquals(1, beacon.path("turn").asInt());
            assertEquals(
                    talk.number("conversation.latency.firstAudio.last"),
                    beacon.path("firstSoundMs").asDouble(),
                    0.1);
            assertTrue(beacon.path("interruptSilenceMs").asDouble() > 0);
            assertTrue(beacon.path("underruns").isInt());
        });
    }

    /** A typed question whose answer is being played. */
    private Talk answered(Page page, FakeService fake, int milliseconds) {
        Talk talk = Talk.open(page, service.toString());
        talk.type("sing");
        talk.awaitPhase("thinking");
        // The model thinks longer than the service says it took itself; a part can't be longer than the whole.
        page.waitForFunction("asked => performance.now() - asked > 100", page.evaluate("performance.now()"));
        fake.sing(1, milliseconds);
        fake.say(TIMING);
        talk.awaitTrue("conversation.latency.firstAudio.count === 1");
        return talk;
    }

    private static List<JsonNode> beacons(FakeService fake) {
        return fake.texts().stream()
                .filter(message -> message.has("beacon"))
                .map(message -> message.path("beacon"))
                .toList();
    }

    private void onPage(Consumer<Page> test) {
        try (BrowserContext context =
                chromium.browser().newContext(new Browser.NewContextOptions().setLocale("en-GB"))) {
            test.accept(context.newPage());
        }
    }
}
