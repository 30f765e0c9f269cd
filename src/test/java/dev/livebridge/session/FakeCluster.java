package dev.livebridge.session;

import dev.livebridge.session.token.HandoverPeers;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Two instances of the service, which ask each other for sessions. */
final class FakeCluster implements HandoverPeers {

    static final URI HERE = URI.create("http://10.0.0.1:9000");
    static final URI THERE = URI.create("http://10.0.0.2:9000");

    final FakeInstance here = new FakeInstance(HERE, this);
    final FakeInstance there = new FakeInstance(THERE, this);

    /** Answers at an instance's address that the instance does not give. */
    final Map<URI, Handover> foreignAnswers = new ConcurrentHashMap<>();

    private final Map<URI, FakeInstance> reachable = new ConcurrentHashMap<>(Map.of(HERE, here, THERE, there));

    @Override
    public Handover ask(URI holder, String token) {
        Handover foreign = foreignAnswers.get(holder);
        if (foreign != null) {
            return foreign;
        }
        FakeInstance instance = reachable.get(holder);
        try {
            return instance == null ? new Handover.Unknown() : instance.resumption.handOver(token);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** An instance can no longer be reached. */
    void disconnect(URI address) {
        reachable.remove(address);
    }

    List<FakeInstance> instances() {
        return List.of(here, there);
    }

    /** Ends every session, and checks that each instance has released everything. */
    void close() {
        instances().forEach(FakeInstance::close);
    }
}
