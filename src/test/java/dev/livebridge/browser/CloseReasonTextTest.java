package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseReasonTextTest {

    @ParameterizedTest
    @CsvSource({"short, short", "äöü, äöü"})
    void shortCloseReasonsStayWhole(String reason, String fitted) {
        assertEquals(fitted, CloseReasonText.fit(reason));
    }

    @Test
    void longCloseReasonsAreCutBetweenCharacters() {
        String fitted = CloseReasonText.fit("€".repeat(60));

        assertEquals("€".repeat(41), fitted);
    }
}
