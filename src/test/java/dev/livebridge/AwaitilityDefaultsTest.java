package dev.livebridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.EvaluatedCondition;
import org.junit.jupiter.api.Test;

class AwaitilityDefaultsTest {

    @Test
    void aPlainTestPollsOften() {
        assertPollsOften();
    }

    static void assertPollsOften() {
        List<EvaluatedCondition<?>> polls = new ArrayList<>();

        await().conditionEvaluationListener(polls::add).until(() -> polls.size() == 1);

        assertEquals(
                List.of(Duration.ZERO, AwaitilityDefaults.POLL_INTERVAL),
                polls.stream().map(EvaluatedCondition::getPollInterval).toList());
    }
}
