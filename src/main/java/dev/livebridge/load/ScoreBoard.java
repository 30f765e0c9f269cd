package dev.livebridge.load;

import java.util.ArrayList;
import java.util.List;

/** Which scores talkers write to at the moment. */
final class ScoreBoard {

    private final List<Scores> all = new ArrayList<>();
    private volatile Scores current;

    ScoreBoard() {
        current = new Scores();
        all.add(current);
    }

    Scores current() {
        return current;
    }

    /** From now on talkers write to new scores. */
    synchronized Scores turnOver() {
        Scores next = new Scores();
        all.add(next);
        current = next;
        return next;
    }

    /** Everything since the start. */
    synchronized Scores total() {
        Scores total = new Scores();
        all.forEach(total::addAll);
        return total;
    }
}
