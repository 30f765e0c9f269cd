package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CloseFrameTest {

    private static UpstreamEnd end(int code, EndCause cause, String words) {
        return new UpstreamEnd(code, cause, RetryClass.NEVER, "It happened.", "Do this.", words);
    }

    @Test
    void whatToDoFollowsWhereThereIsRoom() {
        String words = "x".repeat(80);

        assertEquals(
                new CloseFrame(1007, words + " (It happened. Do this.)"),
                CloseFrame.asGeminiDoes(EndCause.BAD_SETUP, "m", end(1007, EndCause.BAD_SETUP, words)));
        assertEquals(
                new CloseFrame(1007, words + "y".repeat(25) + " (Do this.)"),
                CloseFrame.asGeminiDoes(
                        EndCause.BAD_SETUP, "m", end(1007, EndCause.BAD_SETUP, words + "y".repeat(25))));
        assertEquals(
                new CloseFrame(1007, "é".repeat(61)),
                CloseFrame.asGeminiDoes(EndCause.BAD_SETUP, "m", end(1007, EndCause.BAD_SETUP, "é".repeat(80))));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, UPSTREAM_CLOSED, 1000",
        "1000, UPSTREAM_LOST, 1011",
        "1001, UPSTREAM_LOST, 1001",
        "1004, UPSTREAM_LOST, 1011",
        "1005, UPSTREAM_LOST, 1011",
        "1006, UPSTREAM_UNREACHABLE, 1013",
        "1015, UPSTREAM_UNREACHABLE, 1013",
        "2999, UPSTREAM_LOST, 1011",
        "4999, UPSTREAM_LOST, 4999",
        "5000, UPSTREAM_LOST, 1011",
        "1007, UPSTREAM_CREDENTIALS, 1011",
        "1007, UPSTREAM_REGION, 1011",
        "1011, UPSTREAM_QUOTA, 1013",
        "1008, UPSTREAM_MODEL, 1008",
        "1007, UPSTREAM_REJECTED, 1007",
    })
    void theCodeIsGeminisWhereItCanBeSentAndIsNotTheOperatorsAffair(int code, EndCause cause, int expected) {
        assertEquals(
                expected,
                CloseFrame.asGeminiDoes(cause, "m", end(code, cause, "w")).code());
    }

    @ParameterizedTest
    @EnumSource(EndCause.class)
    void ourOwnEndingsSayWhatToDo(EndCause cause) {
        CloseFrame frame = CloseFrame.asGeminiDoes(cause, cause.sentence(), null);

        assertEquals(cause.closeCode(), frame.code());
        assertTrue(frame.reason().startsWith(cause.sentence()), frame.reason());
        assertTrue(cause.remedy() == null || frame.reason().endsWith(cause.remedy()), frame.reason());
        assertTrue(frame.reason().getBytes(StandardCharsets.UTF_8).length <= 123, frame.reason());
    }

    @Test
    void whatIsSaidExactlyNeedsNoGeneralAdvice() {
        assertEquals(
                new CloseFrame(1007, "setup must be the first message and only the first"),
                CloseFrame.asGeminiDoes(
                        EndCause.BAD_SETUP, "setup must be the first message and only the first", null));
    }

    @Test
    void otherDialectsKeepTheCauseAndItsCode() {
        assertEquals(
                new CloseFrame(1011, "It was refused."), CloseFrame.of(EndCause.UPSTREAM_REJECTED, "It was refused."));
    }
}
