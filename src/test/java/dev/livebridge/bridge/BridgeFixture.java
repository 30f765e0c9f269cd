package dev.livebridge.bridge;

import dev.livebridge.simulator.Simulator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

/** A service with the simulator; checks after each test that no session, socket or writer is left. */
abstract class BridgeFixture {

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    @Inject
    Simulator simulator;

    @Inject
    Leaks leaks;

    @AfterEach
    void nothingIsLeft() {
        simulator.faults().clear();
        leaks.awaitNone();
    }
}
