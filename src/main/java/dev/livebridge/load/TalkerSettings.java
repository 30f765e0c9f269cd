package dev.livebridge.load;

import java.time.Duration;

/**
 * The behaviour of talkers. Times are means; each turn draws its own between half and one and a half of the mean.
 *
 * @param speech length of the speech in one turn
 * @param think pause between the end of an answer and the next turn
 * @param bargeInPercent of answers that are interrupted
 * @param idlePercent of talkers who only keep their conversation open
 * @param chunkMillis length of a chunk; 0 lets talkers use 20, 30 and 40 in turn
 * @param seed of all random values
 */
record TalkerSettings(
        Duration speech, Duration think, int bargeInPercent, int idlePercent, int chunkMillis, long seed) {

    /** The chunk length of one talker, milliseconds. */
    int chunkMillisOf(int talker) {
        return chunkMillis > 0 ? chunkMillis : 20 + 10 * (talker % 3);
    }

    /** Whether one talker only listens: spread evenly, so that each step has its share. */
    boolean isIdle(int talker) {
        return (talker + 1) * idlePercent / 100 > talker * idlePercent / 100;
    }
}
