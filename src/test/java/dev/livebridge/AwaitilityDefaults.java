package dev.livebridge;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Sets Awaitility's poll delay and poll interval for all tests: its own, 100 ms each, add up to minutes.
 *
 * <p>Awaitility keeps them in static fields, and each Quarkus application of the tests has a class loader with an
 * Awaitility of its own. JUnit calls this class once for the plain tests, Quarkus once for each class of its tests.
 */
public final class AwaitilityDefaults implements LauncherSessionListener, QuarkusTestBeforeClassCallback {

    /** For conditions that read the log or the metrics of another process: each poll costs that process time. */
    public static final Duration OF_ANOTHER_PROCESS = Duration.ofMillis(100);

    static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        apply();
    }

    @Override
    public void beforeClass(Class<?> testClass) {
        apply();
    }

    private static void apply() {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(POLL_INTERVAL);
    }
}
