package dev.livebridge.proxies;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports for servers that a test starts. They are below the ports that systems give to connections: tests that run
 * beside open many connections, and one of them could take the port before the server does.
 */
public final class Ports {

    private static final int MIN_PORT = 10_000;
    private static final int MAX_PORT = 19_999;
    private static final int MAX_ATTEMPTS = 100;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** A free port of 127.0.0.1, another one with each call. */
    public static int free() {
        return free("127.0.0.1");
    }

    /** A free port of an address of this machine, another one with each call. */
    public static int free(String address) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(MIN_PORT, MAX_PORT + 1);
            if (isFree(address, port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port found between " + MIN_PORT + " and " + MAX_PORT);
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral(address))) {
            return socket.isBound();
        } catch (BindException _) {
            // Another process listens on it.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
