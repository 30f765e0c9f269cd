package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A reloaded page continues its conversation after the service has stopped waiting for it. The service is real. */
@QuarkusTest
@TestProfile(CapacityBrowserTest.OnePlace.class)
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateReturnBrowserTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    SessionRegistry sessions;

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

    private static String token(Page page) {
        return String.valueOf(page.evaluate("() => sessionStorage.getItem('livebridge.resume')"));
    }

    @Test
    void theModelStillKnowsWhatWasSaid() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            Talk talk = Talk.open(page, service.toString());
            talk.type("My name is Ada");
            talk.awaitText(talk.articles("model").first(), "\\w+");
            talk.awaitPhase("speaking");
            talk.awaitPhase("listening");
            String atFirst = token(page);
            talk.type("Thank you");
            // A token from now on has the handle of the first turn.
            await().until(() -> !token(page).equals(atFirst));

            page.reload();
            talk.button("Start").waitFor();
            await().until(() -> sessions.active() == 0);
            talk.button("Continue the last conversation").click();

            talk.awaitState("Connected");
            assertThat(talk.articles("user").first()).containsText("My name is Ada");
            assertThat(page.locator(".notice-item")).hasCount(0);
            talk.type("What is my name?");
            talk.awaitText(talk.articles("model").last(), "Ada");
            talk.screenshot("conversation", "continued-after-the-grace-time");
        }
    }
}
