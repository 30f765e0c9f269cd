package dev.livebridge.message;

/**
 * What was used, all of it together.
 *
 * @param millis time of conversation
 * @param tokens input and output; a correction of an estimate may make a difference negative
 * @param microUsd millionths of a US dollar
 */
public record UsageTotals(long millis, long tokens, long microUsd) {

    /** Nothing. */
    public static final UsageTotals NONE = new UsageTotals(0, 0, 0);

    /** The sum. */
    public UsageTotals plus(UsageTotals more) {
        return new UsageTotals(millis + more.millis, tokens + more.tokens, microUsd + more.microUsd);
    }

    /** The difference. */
    public UsageTotals minus(UsageTotals less) {
        return new UsageTotals(millis - less.millis, tokens - less.tokens, microUsd - less.microUsd);
    }
}
