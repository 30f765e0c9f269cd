package dev.livebridge.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Counts of all connections, and the newest thousand of them one by one. Safe to read from any thread. */
public final class SimulatorStatistics {

    private static final int REMEMBERED = 1_000;

    private final Deque<ConnectionStatistics> newest = new ArrayDeque<>();
    private long total;
    private int open;

    SimulatorStatistics() {}

    /** Sockets open now. */
    public synchronized int openConnections() {
        return open;
    }

    /** Sockets opened since the start. */
    public synchronized long totalConnections() {
        return total;
    }

    /** The newest connections, oldest first. */
    public synchronized List<ConnectionStatistics> connections() {
        return List.copyOf(newest);
    }

    synchronized ConnectionStatistics opened() {
        total++;
        open++;
        if (newest.size() == REMEMBERED) {
            newest.removeFirst();
        }
        ConnectionStatistics connection = new ConnectionStatistics();
        newest.addLast(connection);
        return connection;
    }

    synchronized void closed() {
        open--;
    }
}
