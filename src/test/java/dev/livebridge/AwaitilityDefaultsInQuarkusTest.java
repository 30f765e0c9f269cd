package dev.livebridge;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** A Quarkus test has another class loader, and so another Awaitility. */
@QuarkusTest
class AwaitilityDefaultsInQuarkusTest {

    @Test
    void aQuarkusTestPollsOften() {
        AwaitilityDefaultsTest.assertPollsOften();
    }
}
