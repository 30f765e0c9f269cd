package dev.livebridge.simulator;

import io.vertx.core.Vertx;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A simulator on a free port, and clients for it.
 *
 * <p>The simulator speaks in real time, so these tests wait most of the time. Each has a simulator of its own, and they
 * run side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class SimulatorFixture {

    Vertx vertx;
    Simulator simulator;
    URI base;

    Settings settings() {
        return Settings.QUICK;
    }

    @BeforeEach
    void startSimulator() {
        vertx = Vertx.vertx();
        simulator = new Simulator(vertx, settings());
        base = simulator.start();
    }

    @AfterEach
    void stopSimulator() {
        simulator.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    LiveClient open() {
        return LiveClient.open(vertx, base, LiveClient.PATH);
    }

    LiveClient openWithFault(String fault) {
        return LiveClient.open(vertx, base, LiveClient.PATH + "?fault=" + fault);
    }

    LiveClient ready(String model, String more) {
        return open().ready(model, more);
    }

    /** A tone as loud as speech, 16 kHz. */
    static short[] tone(int ms) {
        short[] samples = new short[16 * ms];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (8_000 * Math.sin(2 * Math.PI * 220 * i / 16_000));
        }
        return samples;
    }

    static short[] silence(int ms) {
        return new short[16 * ms];
    }
}
