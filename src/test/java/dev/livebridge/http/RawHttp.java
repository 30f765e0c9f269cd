package dev.livebridge.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Locale;

/** A connection for raw bytes, without corrections by a client library. */
final class RawHttp implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private final Socket socket = new Socket();

    RawHttp(URI server) {
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()), CONNECT_TIMEOUT_MILLIS);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to one request on a connection of its own. */
    static Answer ask(URI server, String request) {
        try (RawHttp connection = new RawHttp(server)) {
            connection.write(request);
            return connection.read();
        }
    }

    /** The request of a WebSocket upgrade; {@code extra} are further header lines, each with its line end. */
    static String upgrade(String target, String host, String extra) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + extra + "\r\n";
    }

    void write(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the end of an answer's headers. */
    Answer read() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new AssertionError("the service closed the connection after: " + head);
                }
                head.write(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(head.toString(ISO_8859_1));
    }

    /** Whether the service ends the connection before the read timeout; what it still sends is dropped. */
    boolean isClosedByService() {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            // The connection is still open.
            return false;
        } catch (IOException e) {
            // The connection was reset.
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Status line and headers of an answer.
     *
     * @param head as it came
     */
    record Answer(String head) {

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /** Whether a header has this value, upper and lower case alike. */
        boolean says(String header, String value) {
            return head.toLowerCase(Locale.ROOT)
                    .contains("\r\n" + (header + ": " + value).toLowerCase(Locale.ROOT) + "\r\n");
        }
    }
}
