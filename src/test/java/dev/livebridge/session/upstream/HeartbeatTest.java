package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a silent model is pinged, and when it counts as lost. All times are seconds since the connection opened. */
class HeartbeatTest {

    /** System.nanoTime may be anything, and overflows. */
    private static final long OPENED = Long.MAX_VALUE - 5_000_000_000L;

    private final Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(90), OPENED);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // what happened: p a ping, a its answer, h any message; the time of the question; ping due, lost
                "-              |   0 | true  | false",
                "-              | 300 | true  | false",
                "p0             |  29 | false | false",
                "p0             |  30 | true  | false",
                "p0 h10         |  39 | false | false",
                "p0 h10         |  40 | true  | false",
                "p0 h10 p40     |  69 | false | false",
                "p0 h10 p40     |  70 | true  | false",
                // A model that never answered a ping is not judged by its silence.
                "p0 p30 p60 p90 | 600 | true  | false",
                "p0 h1 p31      | 600 | true  | false",
                // One that did has a minute from the first ping without an answer.
                "p0 a1          | 600 | true  | false",
                "p0 a1 p31      |  91 | true  | false",
                "p0 a1 p31      |  92 | true  | true",
                "p0 a1 p31 p61  |  91 | true  | false",
                "p0 a1 p31 p61  |  92 | true  | true",
                "p0 a1 p31 a90  |  92 | false | false",
                "p0 a1 p31 h90  | 200 | true  | false",
                "p0 a1 p31 h90 p120 | 180 | true  | false",
                "p0 a1 p31 h90 p120 | 181 | true  | true",
            })
    void silenceIsJudgedByWhatWasAnsweredBefore(String events, int seconds, boolean due, boolean lost) {
        if (events != null) {
            for (String event : events.split(" ", -1)) {
                happens(event.charAt(0), at(Integer.parseInt(event.substring(1))));
            }
        }

        assertEquals(due, heartbeat.pingDue(at(seconds)), "ping due");
        assertEquals(lost, heartbeat.isLost(at(seconds)), "lost");
    }

    /** The shortest time that a configuration may have. */
    @Test
    void aSecondIsDividedIntoThirds() {
        Heartbeat quick = new Heartbeat(Duration.ofSeconds(1), 0);
        quick.onPingSent(0);
        quick.onPong(0);

        assertEquals(false, quick.pingDue(333_333_332));
        assertEquals(true, quick.pingDue(333_333_333));
        quick.onPingSent(333_333_333);
        assertEquals(false, quick.isLost(1_000_000_000));
        assertEquals(true, quick.isLost(1_000_000_001));
    }

    private void happens(char event, long nanos) {
        switch (event) {
            case 'p' -> heartbeat.onPingSent(nanos);
            case 'a' -> heartbeat.onPong(nanos);
            case 'h' -> heartbeat.onReceived(nanos);
            default -> throw new IllegalArgumentException("no event: " + event);
        }
    }

    private static long at(int seconds) {
        return OPENED + seconds * 1_000_000_000L;
    }
}
