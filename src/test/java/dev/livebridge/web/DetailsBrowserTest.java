package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The details for developers, and the settings in two depths. The test plays the service. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DetailsBrowserTest {

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;
    private BrowserContext context;
    private Page page;
    private FakeService fake;
    private Talk talk;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
        context = chromium.browser().newContext();
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        context.close();
        context = chromium.browser().newContext();
        page = context.newPage();
        fake = FakeService.behind(page);
        talk = Talk.open(page, service.toString());
    }

    private void tab(String name) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(name)).click();
    }

    @Test
    void visitorsSeeNoFiguresAndDevelopersAreRemembered() {
        assertThat(talk.button("Details")).hasCount(0);
        talk.button("Settings").click();
        talk.openExperts();
        page.getByLabel("Show details for developers").check();
        talk.button("Close").click();
        assertThat(talk.button("Details")).isVisible();

        page.reload();

        assertThat(talk.button("Details")).isVisible();
    }

    @Test
    void theKeyOpensThemForEverybody() {

        page.keyboard().press("l");

        assertThat(page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Latency")))
                .hasAttribute("aria-selected", "true");
        page.getByRole(AriaRole.TAB).first().focus();
        page.keyboard().press("ArrowRight");
        Locator messages = page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Messages"));
        assertThat(messages).hasAttribute("aria-selected", "true");
        assertThat(messages).isFocused();
        page.keyboard().press("ArrowLeft");
        page.keyboard().press("ArrowLeft");
        assertThat(page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Session")))
                .hasAttribute("aria-selected", "true");
    }

    @Test
    void messagesAreListedWithoutSecrets() {
        talk.type("What is the weather?");
        page.waitForCondition(() -> fake.openings().size() == 1);
        fake.say("{\"type\":\"resumeToken\",\"token\":\"SECRET\",\"expiresInMs\":60000}");
        fake.say("{\"type\":\"toolCall\",\"turn\":1,\"calls\":[{\"id\":\"c1\",\"name\":\"get_weather\",\"args\":{}}]}");
        fake.say("{\"type\":\"text\",\"turn\":1,\"text\":\"It rains.\"}");
        fake.sing(1, 400);
        talk.openDetails();
        tab("Messages");
        Locator events = page.locator(".events li");
        assertThat(page.locator(".events")).containsText("What is the weather?");
        assertThat(page.locator(".events")).containsText("It rains.");
        assertThat(page.locator(".events")).not().containsText("resumeToken");

        page.locator(".tab select").selectOption("tools");
        assertThat(events).hasCount(2);
        assertThat(events.last()).containsText("get_weather");
        events.last().getByRole(AriaRole.BUTTON).click();
        assertThat(events.last().locator("pre")).containsText("\"name\": \"get_weather\"");
        talk.screenshot("details", "messages");

        page.locator(".tab select").selectOption("all");
        assertThat(page.locator(".events")).containsText("Sound of the model");
        Locator token = events.filter(new Locator.FilterOptions().setHasText("resumeToken"));
        token.getByRole(AriaRole.BUTTON).click();
        assertThat(token.locator("pre")).containsText("expiresInMs");
        assertFalse(page.locator(".panel").innerText().contains("SECRET"), "a token is not shown");
    }

    @Test
    void tokensAndTheirCostAreCounted() {
        talk.openDetails();
        tab("Tokens and cost");
        assertThat(page.locator(".tab")).containsText("after the first answer");
        talk.button("Close").click();
        talk.type("Hello");
        page.waitForCondition(() -> fake.openings().size() == 1);
        String model = (String) talk.value("configuration.defaultModel");
        for (int turn = 1; turn <= 2; turn++) {
            fake.say("{\"type\":\"usage\",\"turn\":" + turn
                    + ",\"promptTokens\":1000,\"responseTokens\":500,\"totalTokens\":1500,"
                    + "\"usageMetadata\":{\"promptTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":1000}],"
                    + "\"responseTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":500}]}}");
        }
        talk.awaitTrue("conversation.usage.length === 2");
        talk.openDetails();

        // 1000 × 3 $ + 500 × 12 $ per million, twice.
        assertThat(page.locator(".tab tfoot")).containsText("2,000");
        assertThat(page.locator(".tab tfoot")).containsText("$0.0180");
        talk.screenshot("details", "cost");
        tab("Session");
        assertThat(page.locator(".tab")).containsText(model);
        talk.screenshot("details", "session");
    }

    @Test
    void volumeAndDevicesAreBesideTheirControls() {
        talk.start().awaitPhase("listening");
        Locator sound = page.locator(".choose")
                .filter(new Locator.FilterOptions().setHas(page.getByLabel("Volume and loudspeaker")));
        sound.locator("summary").click();
        sound.locator("input[name=volume]").fill("0.25");
        talk.awaitTrue("settings.volume === 0.25");
        assertThat(sound.locator("select[name=speaker] option")).not().hasCount(0);
        talk.screenshot("details", "menu-sound");
        assertEquals(
                java.util.List.of(),
                new com.deque.html.axecore.playwright.AxeBuilder(page).analyze().getViolations());

        page.keyboard().press("Escape");
        assertThat(sound.locator(".menu")).isHidden();
        assertThat(sound.locator("summary")).isFocused();
        talk.awaitTrue("conversation.live");

        page.getByLabel("Choose the microphone").click();
        Locator devices = page.locator(".choose[open] select[name=microphone]");
        devices.selectOption(new com.microsoft.playwright.options.SelectOption().setIndex(1));
        talk.awaitTrue("settings.microphone !== ''");
        talk.message().focus();
        assertThat(devices).isHidden();
    }

    @Test
    void aVoiceIsHeardBeforeItIsChosenForAConversation() {
        talk.button("Settings").click();
        page.locator("[name=voice]").selectOption("Kore");
        Locator hear = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Hear this voice"));

        hear.click();

        page.waitForCondition(() -> fake.openings().size() == 1);
        assertEquals(
                "Kore",
                fake.openings()
                        .getFirst()
                        .at("/setup/generationConfig/speechConfig/voiceConfig/prebuiltVoiceConfig/voiceName")
                        .asText());
        page.waitForCondition(() -> fake.texts().stream().anyMatch(message -> message.has("text")));
        assertThat(hear).hasAttribute("aria-pressed", "true");
        fake.sing(1, 600);
        fake.say("{\"type\":\"generationComplete\",\"turn\":1}");
        fake.say("{\"type\":\"turnComplete\",\"turn\":1}");
        assertThat(hear).hasAttribute("aria-pressed", "false");
        assertThat(talk.articles("user")).hasCount(0);
        assertEquals("idle", talk.value("conversation.state.phase"));
    }

    @Test
    void theFirstSettingsAreFewAndTheRestIsForExperts() {
        talk.button("Settings").click();
        page.locator(".panel h2").waitFor();
        assertEquals(
                7, page.locator(".panel :is(select, textarea, input):visible").count(), "fields that everybody sees");
        talk.screenshot("details", "settings");

        page.locator("[name=voice]").selectOption("Kore");
        assertThat(page.locator("[name=voice]").locator("option:checked")).hasText("Kore – firm");
        talk.button("Tutor").click();
        assertThat(talk.button("Tutor")).hasAttribute("aria-pressed", "true");
        assertThat(page.locator("[name=instruction]"))
                .hasValue(java.util.regex.Pattern.compile("^You are a patient tutor"));
        talk.button("Tutor").click();
        assertThat(page.locator("[name=instruction]")).hasValue("");

        talk.openExperts();
        assertThat(page.getByLabel("Silence that ends a turn")).isVisible();
        talk.screenshot("details", "settings-experts");
        talk.button("Close").click();
        talk.button("Settings").click();
        assertThat(page.getByLabel("Silence that ends a turn")).isVisible();
    }
}
