package dev.livebridge.session.turn;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.GatewayMessage.Timing.SpeechEnd;
import dev.livebridge.telemetry.TurnMeters;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What the client reports about the turns that it has played. Only a report of a turn that the session has timed is
 * accepted, and only one per turn, so that no client dominates the metrics. Safe to use from any thread.
 */
public final class ClientReports {

    /** Upper bound for durations that a client reports; larger ones are errors of its clock. */
    private static final double MAX_REPORT_MILLIS = 60_000;

    private static final int MAX_UNDERRUNS = 1_000;

    /** A report comes after the turn is played; the model may have begun several turns by then. */
    private static final int MAX_REPORTABLE_TURNS = 8;

    private final TurnMeters meters;

    /** Answered turns without a report, by their number; oldest first. */
    private final SequencedMap<Integer, Reportable> reportable = new LinkedHashMap<>();

    /** The client's newest socket; the first is 1. */
    private int socket;

    private record Reportable(SpeechEnd source, long responseNanos) {}

    ClientReports(TurnMeters meters) {
        this.meters = meters;
    }

    /**
     * The client has another socket. Its turns are counted from 1, and reports of turns on earlier sockets are ignored.
     *
     * @return numbers the turns on that socket
     */
    public synchronized TurnCounter onSocket() {
        reportable.clear();
        socket++;
        return new TurnCounter(socket);
    }

    /**
     * The first audio or text of an answer was written: the client may report this turn.
     *
     * @param source how the end of the user's input was found
     * @param responseNanos from that end to the write
     */
    synchronized void onAnswered(TurnNumber turn, SpeechEnd source, long responseNanos) {
        // A write to an earlier socket may end after the client has reattached.
        if (turn.socket() == socket) {
            reportable.put(turn.number(), new Reportable(source, responseNanos));
        }
        if (reportable.size() > MAX_REPORTABLE_TURNS) {
            reportable.pollFirstEntry();
        }
    }

    /** The client has measured a turn. */
    public synchronized void onBeacon(ClientMessage.Beacon beacon) {
        Reportable turn = reportable.remove(beacon.turn());
        if (turn == null) {
            meters.reportIgnored();
            return;
        }
        Duration firstSound = clamp(beacon.firstSoundMs());
        meters.firstSound(firstSound);
        meters.network(turn.source(), Duration.ofNanos(Math.max(0, firstSound.toNanos() - turn.responseNanos())));
        if (beacon.interruptSilenceMs() != null) {
            meters.silence(clamp(beacon.interruptSilenceMs()));
        }
        if (beacon.underruns() != null) {
            meters.underruns(Math.min(beacon.underruns(), MAX_UNDERRUNS));
        }
    }

    private static Duration clamp(double millis) {
        return Duration.ofMillis(Math.round(Math.clamp(millis, 0, MAX_REPORT_MILLIS)));
    }
}
