package dev.livebridge;

import java.util.Random;
import java.util.random.RandomGenerator;

/** Repeats a check with random input. A failure names the seed that reproduces the input. */
public final class Trials {

    private static final long FIRST_SEED = Long.getLong("trials.seed", 1);

    private Trials() {}

    /** The property that must hold for every input. */
    @FunctionalInterface
    public interface Check {
        void with(RandomGenerator random) throws Exception;
    }

    /**
     * Runs a check many times.
     *
     * @throws AssertionError naming the first seed for which it did not hold
     */
    public static void run(int count, Check check) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + count; seed++) {
            try {
                check.with(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("does not hold for -Dtrials.seed=" + seed + ": " + e, e);
            }
        }
    }

    /** One of several, each as likely. */
    @SafeVarargs
    public static <T> T oneOf(RandomGenerator random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Random bytes, at least {@code least} and at most {@code most} of them. */
    public static byte[] bytes(RandomGenerator random, int least, int most) {
        byte[] data = new byte[random.nextInt(least, most + 1)];
        random.nextBytes(data);
        return data;
    }
}
