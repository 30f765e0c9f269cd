package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The camera as the stage, still pictures, and pictures from files. The test plays the service. */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PicturesBrowserTest {

    private static final int CAMERA = 2;
    private static final int HEADER_BYTES = 8;

    @TestHTTPResource("/")
    URI service;

    private Chromium chromium;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(
                Voice.silence(), Chromium.FAKE_PERMISSIONS, "--use-fake-device-for-media-stream=device-count=2");
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static double measure(Page page, String selector, String property) {
        return ((Number) page.evaluate(
                        "([selector, property]) => document.querySelector('gemini-live').shadowRoot"
                                + ".querySelector(selector).getBoundingClientRect()[property]",
                        List.of(selector, property)))
                .doubleValue();
    }

    private static BufferedImage newest(FakeService fake) {
        byte[] frame = fake.binaries(CAMERA).getLast();
        try {
            return ImageIO.read(new ByteArrayInputStream(Arrays.copyOfRange(frame, HEADER_BYTES, frame.length)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "desktop, 1280, 800, LIGHT, 0.6",
        "desktop-dark, 1280, 800, DARK, 0.6",
        "phone, 390, 844, LIGHT, 0.99",
        "phone-dark, 390, 844, DARK, 0.99"
    })
    void theCameraIsTheStage(String name, int width, int height, ColorScheme scheme, double share) {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme))) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("What do you see?");
            fake.say("{\"type\":\"text\",\"turn\":1,\"text\":\"Show me.\"}");
            fake.say("{\"type\":\"turnComplete\",\"turn\":1}");

            talk.button("Camera").click();

            page.locator(".preview video").waitFor();
            talk.awaitTrue("conversation.pictures.sent('camera')?.sent > 0");
            assertTrue(measure(page, ".preview .frame", "width") >= share * measure(page, ".stage", "width"));
            assertTrue(measure(page, ".orb", "width") <= 64);
            assertEquals(
                    "-1 1",
                    page.evaluate("() => getComputedStyle(document.querySelector('gemini-live').shadowRoot"
                            + ".querySelector('.preview video')).scale"),
                    "a mirror");
            assertEquals(768, newest(fake).getWidth());
            talk.screenshot("pictures", name);
            assertEquals(List.of(), new AxeBuilder(page).analyze().getViolations());

            talk.button("Share screen").click();
            assertThat(page.locator(".preview")).hasCount(2);
            talk.awaitTrue("conversation.pictures.sent('screen')?.sent > 0");
            assertTrue(
                    measure(page, "[data-kind=camera]", "width") < 0.4 * measure(page, "[data-kind=screen]", "width"));
            talk.screenshot("pictures", name + "-with-screen");
        }
    }

    @Test
    void littleHeightKeepsTheTextReadable() {
        try (BrowserContext context =
                chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(844, 390))) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("What do you see?");
            page.waitForCondition(() -> fake.openings().size() == 1);

            talk.button("Camera").click();

            talk.awaitTrue("conversation.pictures.sent('camera')?.sent > 0");
            talk.screenshot("pictures", "low");
            assertTrue(measure(page, ".scroll", "height") >= 0.5 * 390);
        }
    }

    @Test
    void aStillPictureIsLargerAndInTheTranscript() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("What do you see?");
            page.waitForCondition(() -> fake.openings().size() == 1);
            talk.button("Camera").click();
            page.waitForCondition(() -> !fake.binaries(CAMERA).isEmpty());

            talk.button("Show this picture in full size").click();

            page.locator("article .still").waitFor();
            assertTrue(
                    fake.binaries(CAMERA).stream()
                            .anyMatch(frame -> frame.length > HEADER_BYTES && width(frame) == 1280),
                    "the camera's own size");
            talk.screenshot("pictures", "still");
        }
    }

    private static int width(byte[] frame) {
        try {
            return ImageIO.read(new ByteArrayInputStream(Arrays.copyOfRange(frame, HEADER_BYTES, frame.length)))
                    .getWidth();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theNextCameraIsOneButtonAway() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            talk.type("What do you see?");
            page.waitForCondition(() -> fake.openings().size() == 1);
            talk.button("Camera").click();
            String camera = "() => document.querySelector('gemini-live').conversation.pictures.stream('camera')"
                    + "?.getVideoTracks()[0].getSettings().deviceId ?? ''";
            talk.button("Switch the camera").waitFor();
            Object first = page.evaluate(camera);

            talk.button("Switch the camera").click();

            page.waitForFunction(
                    "first => { const id = (" + camera + ")(); return id !== '' && id !== first; }", first);
            assertNotEquals(first, page.evaluate(camera));
            assertThat(talk.button("Camera")).hasAttribute("aria-pressed", "true");
        }
    }

    private static byte[] png(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                picture.setRGB(x, y, (x / 64 + y / 64) % 2 == 0 ? 0xff3f6df0 : 0x00000000);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    @Test
    void aChosenPictureBeginsAConversationAndIsShown() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());

            FileChooser chooser =
                    page.waitForFileChooser(() -> talk.button("Add a picture").click());
            chooser.setFiles(new FilePayload("plan.png", "image/png", png(3000, 1500)));

            page.waitForCondition(() -> fake.binaries(CAMERA).size() == 1);
            assertEquals(2048, newest(fake).getWidth());
            assertEquals(1024, newest(fake).getHeight());
            assertTrue((newest(fake).getRGB(65, 20) >> 16 & 0xff) > 240, "what is transparent is white");
            assertThat(page.locator("article.user .still")).isVisible();
            talk.type("What is this?");
            page.waitForCondition(() -> fake.texts().stream().anyMatch(message -> message.has("text")));
            talk.screenshot("pictures", "chosen");
            assertEquals(List.of(), new AxeBuilder(page).analyze().getViolations());
        }
    }

    @Test
    void aPastedOneIsShownAndAFileThatIsNoneIsRefused() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            FakeService fake = FakeService.behind(page);
            Talk talk = Talk.open(page, service.toString());
            String paste = """
                    async ([kind, name, bytes]) => {
                      const files = new DataTransfer();
                      files.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
                      const field = document.querySelector('gemini-live').shadowRoot.querySelector('#message');
                      const event = kind === 'paste'
                        ? new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true, composed: true })
                        : new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true, composed: true });
                      field.dispatchEvent(event);
                      return event.defaultPrevented;
                    }""";

            for (String kind : List.of("paste", "drop")) {
                assertEquals(true, page.evaluate(paste, List.of(kind, "a.png", unsigned(png(64, 32)))), kind);
            }
            page.waitForCondition(() -> fake.binaries(CAMERA).size() == 2);
            assertEquals(64, newest(fake).getWidth(), "a small one is not enlarged");

            page.evaluate(paste, List.of("paste", "b.png", unsigned("no picture".getBytes(StandardCharsets.UTF_8))));
            talk.awaitText(talk.alert(), "This picture could not be read");
            assertEquals(2, fake.binaries(CAMERA).size());
        }
    }

    private static List<Integer> unsigned(byte[] bytes) {
        return java.util.stream.IntStream.range(0, bytes.length)
                .map(i -> bytes[i] & 0xff)
                .boxed()
                .toList();
    }
}
