package dev.livebridge.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page in another browser than Chromium: a conversation with the simulator. */
@QuarkusTest
@Tag("browser")
class FirefoxBrowserTest {

    /** Keys that WebDriver names by characters of the private use area. */
    private static final String ENTER = "\uE007";

    private static final String ESCAPE = "\uE00C";

    @TestHTTPResource("/")
    URI service;

    @Test
    void aConversationWorksInFirefox() {
        try (Firefox firefox = Firefox.launch()) {
            firefox.open(service.toString());
            firefox.awaitTrue("shadowRoot?.querySelector('.start')");
            firefox.screenshot("firefox", "01-idle");

            // Spoken: the tone of the fake microphone, until it is muted.
            firefox.click(".start");
            firefox.awaitTrue("conversation.state.phase === 'userSpeaking'");
            firefox.screenshot("firefox", "02-user-speaking");
            firefox.type("m");
            firefox.awaitTrue(
                    "conversation.transcript.items.some(({ role, text }) => role === 'model' && text.includes('You said'))");
            firefox.awaitTrue("conversation.outputLevel > 0.01");
            firefox.awaitTrue("conversation.latency.firstAudio.last > 0");

            // Typed, and interrupted.
            firefox.click("#message");
            firefox.type("Tell me a story" + ENTER);
            firefox.awaitTrue(
                    "conversation.transcript.items.some(({ role, text }) => role === 'model' && text.includes('long story'))");
            firefox.awaitTrue("conversation.outputLevel > 0.01");
            firefox.screenshot("firefox", "03-speaking");
            firefox.click(".stage");
            firefox.type(ESCAPE);
            firefox.awaitTrue("conversation.outputLevel < 0.0005");
            firefox.awaitTrue(
                    "conversation.transcript.items.some(({ role, interrupted }) => role === 'model' && interrupted)");

            firefox.click(".danger");
            firefox.awaitTrue("conversation.state.phase === 'ended'");
            firefox.screenshot("firefox", "04-ended");
            assertEquals(
                    "null",
                    firefox.value("document.querySelector('gemini-live').conversation.state.problem")
                            .toString());
        }
    }
}
