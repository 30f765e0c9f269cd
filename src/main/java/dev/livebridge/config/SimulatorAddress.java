package dev.livebridge.config;

import java.net.URI;

/**
 * The address of the built-in simulator. A port in the sense of ports and adapters: the upstream edge does not depend
 * on the simulator.
 */
public interface SimulatorAddress {

    /**
     * Starts the simulator, if it is not running yet.
     *
     * @return {@code http://127.0.0.1:PORT}
     */
    URI start();
}
