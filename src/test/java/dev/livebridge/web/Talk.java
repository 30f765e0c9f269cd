package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** Driver of the page for browser tests: finds elements by name and text, and measures the audio. */
final class Talk {

    /** Generous, because machines that run tests are busy. */
    private static final double PATIENCE_MS = 20_000;

    private final Page page;

    private Talk(Page page) {
        this.page = page;
        page.setDefaultTimeout(PATIENCE_MS);
    }

    static Talk open(Page page, String url) {
        Talk talk = new Talk(page);
        page.navigate(url);
        talk.button("Start").waitFor();
        return talk;
    }

    /** A page that is open. */
    static Talk on(Page page) {
        return new Talk(page);
    }

    Page page() {
        return page;
    }

    Talk start() {
        button("Start").click();
        return this;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator message() {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message"));
    }

    Locator alert() {
        return page.getByRole(AriaRole.ALERT);
    }

    Locator conversation() {
        return page.locator(".conversation .items");
    }

    Locator articles(String role) {
        return page.locator(".conversation article." + role);
    }

    void type(String text) {
        message().fill(text);
        message().press("Enter");
    }

    /** Shows the settings for experts. */
    void openExperts() {
        page.locator(".experts > summary").click();
    }

    /** Opens the details for developers, which are offered to nobody by themselves. */
    void openDetails() {
        page.evaluate("() => document.querySelector('gemini-live').togglePanel('developer')");
        page.locator(".panel h2").waitFor();
    }

    /** Waits for the text of the state label. */
    void awaitState(String word) {
        assertThat(page.locator(".pill"))
                .hasText(
                        word,
                        new com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions()
                                .setTimeout(PATIENCE_MS));
    }

    /** Waits for the element's state. */
    void awaitPhase(String phase) {
        awaitTrue("conversation.state.phase === '" + phase + "'");
    }

    void awaitText(Locator locator, String pattern) {
        assertThat(locator)
                .containsText(
                        Pattern.compile(pattern),
                        new com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions()
                                .setTimeout(PATIENCE_MS));
    }

    /** Waits until the model's audio is audible, measured after the volume control. */
    void awaitSound() {
        awaitTrue("conversation.outputLevel > 0.01");
    }

    void awaitSilence() {
        awaitTrue("conversation.outputLevel < 0.0005");
    }

    /** @param expression of the element's members */
    void awaitTrue(String expression) {
        awaitTrue(expression, Duration.ofMillis((long) PATIENCE_MS));
    }

    /** @param expression of the element's members */
    void awaitTrue(String expression, Duration patience) {
        page.waitForFunction(
                "() => document.querySelector('gemini-live')." + expression,
                null,
                new Page.WaitForFunctionOptions().setTimeout((double) patience.toMillis()));
    }

    /** @param expression of the element's members */
    Object value(String expression) {
        return page.evaluate("() => document.querySelector('gemini-live')." + expression);
    }

    double number(String expression) {
        return ((Number) value(expression)).doubleValue();
    }

    void screenshot(String folder, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setAnimations(ScreenshotAnimations.DISABLED)
                .setPath(Path.of("target", "screenshots", folder, name + ".png")));
    }
}
