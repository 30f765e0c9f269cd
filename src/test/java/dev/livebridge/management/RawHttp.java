package dev.livebridge.management;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;

/** HTTP as bytes on a socket of 127.0.0.1, so that a test can send requests that client libraries refuse. */
public final class RawHttp {

    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(20).toMillis();

    /**
     * What came back.
     *
     * @param status 0 when the connection ended without an answer
     * @param head status line and headers, lower case
     * @param sent bytes of the body that could be written before the peer was gone
     */
    public record Answer(int status, String head, String body, long sent) {

        public boolean has(String header) {
            return head.contains("\r\n" + header.toLowerCase(Locale.ROOT) + ":");
        }
    }

    private RawHttp() {}

    /** Sends a request line with headers, and reads until the peer closes or the answer's body is complete. */
    public static Answer send(int port, String... lines) {
        return send(port, 0, false, lines);
    }

    /** Sends a body of so many bytes behind the headers, in chunks or plain, as far as the peer takes it. */
    public static Answer send(int port, long bodyBytes, boolean chunked, String... lines) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
            long sent = write(out, bodyBytes, chunked);
            return read(socket.getInputStream(), sent);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long write(OutputStream out, long bytes, boolean chunked) throws IOException {
        byte[] block = "A".repeat(8 * 1024).getBytes(ISO_8859_1);
        long sent = 0;
        try {
            while (sent < bytes) {
                int length = (int) Math.min(block.length, bytes - sent);
                if (chunked) {
                    out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
                }
                out.write(block, 0, length);
                if (chunked) {
                    out.write("\r\n".getBytes(ISO_8859_1));
                }
                sent += length;
            }
            if (chunked) {
                out.write("0\r\n\r\n".getBytes(ISO_8859_1));
            }
        } catch (SocketException e) {
            // The service has closed the connection.
            return sent;
        }
        return sent;
    }

    private static Answer read(InputStream in, long sent) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8 * 1024];
        try {
            int count = in.read(buffer);
            while (count >= 0 && !complete(text.append(new String(buffer, 0, count, ISO_8859_1)))) {
                count = in.read(buffer);
            }
        } catch (SocketException e) {
            // What was read before counts.
        }
        int end = text.indexOf("\r\n\r\n");
        String head = (end < 0 ? text.toString() : text.substring(0, end)).toLowerCase(Locale.ROOT);
        int status = head.startsWith("http/1.") ? Integer.parseInt(head.substring(9, 12)) : 0;
        return new Answer(status, head, end < 0 ? "" : text.substring(end + 4), sent);
    }

    private static boolean complete(StringBuilder text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String head = text.substring(0, end).toLowerCase(Locale.ROOT);
        int length = head.indexOf("\r\ncontent-length: ");
        if (length >= 0) {
            int from = length + "\r\ncontent-length: ".length();
            int to = head.indexOf("\r\n", from);
            int wanted = Integer.parseInt(head.substring(from, to < 0 ? head.length() : to));
            return text.length() >= end + 4 + wanted;
        }
        return head.contains("transfer-encoding: chunked") && text.toString().endsWith("\r\n0\r\n\r\n");
    }
}
