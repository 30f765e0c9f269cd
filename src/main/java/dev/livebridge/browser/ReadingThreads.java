package dev.livebridge.browser;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A pool of platform threads that decodes messages too large for an event loop. Platform threads, because the operating
 * system shares the processors fairly between them, the event loops and the carriers of virtual threads; a virtual
 * thread that computes would block its carrier for the writers of other sessions.
 */
@Singleton
class ReadingThreads {

    private final ExecutorService threads = Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            Thread.ofPlatform().daemon().name("livebridge-reading-", 0).factory());

    /** Runs a step on a thread of the pool. */
    void run(Runnable step) {
        threads.execute(step);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
