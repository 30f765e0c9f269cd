package dev.livebridge.browser;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Threads that read what would hold up an event loop. They are platform threads, few of them: the operating system
 * shares the processors fairly between them, the event loops and the carriers of virtual threads, and a virtual thread
 * that computes would keep its carrier from the pumps of other sessions.
 */
@Singleton
class ReadingThreads {

    private final ExecutorService threads = Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            Thread.ofPlatform().daemon().name("livebridge-reading-", 0).factory());

    /** Runs a step as soon as a thread is free. */
    void run(Runnable step) {
        threads.execute(step);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
