package dev.livebridge.proxies;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Several instances that share one simulator and the keys of their resume tokens. */
final class Fleet implements AutoCloseable {

    private final Instance simulator;
    private final List<Instance> instances = new ArrayList<>();

    Fleet(Path directory, int size, String... properties) {
        int simulatorPort = Ports.free();
        String resumptionKey = newKey();
        simulator = Instance.simulator("simulator", directory, simulatorPort);
        for (int i = 0; i < size; i++) {
            instances.add(Instance.gateway("instance-" + (i + 1), directory, simulatorPort, resumptionKey, properties));
        }
        simulator.awaitReady();
        instances.forEach(Instance::awaitReady);
    }

    static String newKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    List<Instance> instances() {
        return instances;
    }

    /** One after the other, so that the others can take over its sessions. */
    void restartAll(Proxy proxy) throws InterruptedException {
        for (Instance instance : instances) {
            instance.restart();
            proxy.awaitRoutingTo(instance);
        }
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        simulator.close();
    }
}
