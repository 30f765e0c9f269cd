package dev.livebridge.web;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Time budgets of the page. Every run prints its measurements; with {@code -Dbudgets.strict=true}, for a machine that
 * does nothing else, it is held to the budget. A loaded machine's times say nothing about the page.
 */
final class TimeBudget {

    private TimeBudget() {}

    /** Prints a time, and compares it with its budget if enabled. */
    static void hold(String what, double milliseconds, double budget) {
        System.out.printf("%s: %.0f ms (budget %.0f ms)%n", what, milliseconds, budget);
        assertTrue(milliseconds >= 0, () -> what + " was not measured: " + milliseconds);
        if (Boolean.getBoolean("budgets.strict")) {
            assertTrue(milliseconds <= budget, () -> what + ": " + milliseconds + " ms, budget " + budget + " ms");
        }
    }
}
