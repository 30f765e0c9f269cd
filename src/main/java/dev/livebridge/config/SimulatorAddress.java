package dev.livebridge.config;

import java.net.URI;

/** Where the built-in simulator answers. A port, so that the upstream edge need not know the simulator. */
public interface SimulatorAddress {

    /**
     * Starts the simulator, if it is not running yet.
     *
     * @return {@code http://127.0.0.1:PORT}
     */
    URI start();
}
