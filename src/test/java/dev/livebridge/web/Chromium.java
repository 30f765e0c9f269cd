package dev.livebridge.web;

import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installed Chromium, driven by Playwright: the one that the system property {@code livebridge.chromium} names, else
 * the first on the {@code PATH}. Where there is none the test is skipped and says so, or fails with
 * {@code -Dbrowser.required=true}.
 */
final class Chromium implements AutoCloseable {

    /** Grants every device and picks the whole, synthetic screen. */
    static final String FAKE_PERMISSIONS = "--use-fake-ui-for-media-stream";

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /**
     * Starts one, headless, with fake devices.
     *
     * @param microphone what the fake microphone hears, again and again: a WAV file
     * @param arguments more of them
     */
    static Chromium launch(Path microphone, String... arguments) {
        Path executable = find().orElseGet(Chromium::missing);
        List<String> all = new ArrayList<>(List.of(
                "--disable-gpu",
                "--disable-quic",
                "--use-fake-device-for-media-stream",
                "--use-file-for-fake-audio-capture=" + microphone.toAbsolutePath()));
        all.addAll(Arrays.asList(arguments));
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(executable)
                                .setChromiumSandbox(false)
                                .setArgs(all)));
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }

    private static Optional<Path> find() {
        String named = System.getProperty("livebridge.chromium", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path missing() {
        String sentence = "THE PAGE IS NOT TESTED: no Chromium on the PATH and none named by -Dlivebridge.chromium.";
        if (Boolean.getBoolean("browser.required")) {
            throw new IllegalStateException(sentence);
        }
        System.err.println("[WARNING] " + sentence);
        return abort(sentence);
    }
}
