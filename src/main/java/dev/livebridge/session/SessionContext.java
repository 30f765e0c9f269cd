package dev.livebridge.session;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SessionConfig.Carrier;
import dev.livebridge.session.account.DirectMemory;
import dev.livebridge.session.account.MemoryBound;
import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.queue.LoopWriter;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.token.ResumeTokens;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamLimits;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions of a process share.
 *
 * @param limits of one session
 * @param upstreamLimits of one connection to the model
 * @param account the memory of all sessions
 * @param meters the metrics
 * @param tracing begins the traces
 * @param connector opens connections to the model
 * @param tokens seals and opens resume tokens
 * @param clock the time
 * @param carrier the thread that writes messages
 * @param random from 0 to 1, evenly distributed
 */
record SessionContext(
        SessionLimits limits,
        UpstreamLimits upstreamLimits,
        ProcessAccount account,
        Meters meters,
        Tracing tracing,
        UpstreamConnector connector,
        ResumeTokens tokens,
        SessionClock clock,
        Carrier carrier,
        DoubleSupplier random) {

    private static final Logger LOG = Logger.getLogger(SessionContext.class);

    /**
     * The context of this process.
     *
     * @throws ConfigurationException when a limit is invalid
     */
    static SessionContext of(
            LivebridgeConfig config, Meters meters, Tracing tracing, UpstreamConnector connector, ResumeTokens tokens) {
        SessionLimits limits = SessionLimits.of(config);
        long heap = Runtime.getRuntime().maxMemory();
        MemoryBound bound = MemoryBound.of(config.session().memoryPerInstance(), heap, DirectMemory.limit(heap));
        LOG.infof(
                "memory for all sessions %s, for one session at most %d MiB", bound.described(), limits.memory() >> 20);
        return new SessionContext(
                limits,
                UpstreamLimits.of(config),
                new ProcessAccount(bound.bytes()),
                meters,
                tracing,
                connector,
                tokens,
                SessionClock.SYSTEM,
                config.session().carrier(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Writes the messages of a queue on the event loop of a socket.
     *
     * @return {@code null} when the thread of the writer writes all messages
     */
    <M> @Nullable LoopWriter<M> loopWriter(MessageQueue<M> queue, Executor eventLoop, LoopWriter.Writes<M> writes) {
        return switch (carrier) {
            case EVENT_LOOP -> new LoopWriter<>(queue, eventLoop, writes);
            case DEFAULT -> null;
        };
    }

    /** As {@link System#nanoTime()}. */
    long now() {
        return clock.now();
    }
}
