package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import java.time.Duration;

/**
 * Reports invalid messages to the client, bounded per time: the first ones get one answer each, then one answer says
 * that there are too many, and beyond {@link #MAX_PROBLEMS} the session ends.
 *
 * <p>Safe to use from any thread.
 */
final class ProblemReports {

    /** Period over which invalid messages are counted. */
    static final Duration PERIOD = Duration.ofSeconds(10);

    /** Answers per period. */
    static final int MAX_ANSWERS = 20;

    /** Invalid messages per period; with one more the session ends. */
    static final int MAX_PROBLEMS = 100;

    private final SessionScope scope;
    private final DownstreamConnection client;
    private long sinceNanos;
    private int count;

    ProblemReports(SessionScope scope, DownstreamConnection client) {
        this.scope = scope;
        this.client = client;
        this.sinceNanos = scope.now();
    }

    /** A message of the client is invalid. */
    void report(String code, String message) {
        int number = countProblem();
        if (number <= MAX_ANSWERS) {
            send(code, message);
        } else if (number == MAX_ANSWERS + 1) {
            send(
                    "too_many_bad_messages",
                    "too many messages could not be understood; the next ones get no answer, and the session ends"
                            + " if there are more than " + MAX_PROBLEMS + " within " + PERIOD.toSeconds() + " seconds");
        } else if (number > MAX_PROBLEMS) {
            scope.lifecycle()
                    .end(
                            EndCause.BAD_MESSAGE,
                            "More than " + MAX_PROBLEMS + " messages within " + PERIOD.toSeconds()
                                    + " seconds could not be understood.");
        }
    }

    private synchronized int countProblem() {
        long now = scope.now();
        if (now - sinceNanos > PERIOD.toNanos()) {
            sinceNanos = now;
            count = 0;
        }
        return ++count;
    }

    private void send(String code, String message) {
        client.send(new GatewayMessage.Problem(code, message, null, null, false));
    }
}
