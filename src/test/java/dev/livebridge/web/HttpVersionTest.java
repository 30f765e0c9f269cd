package dev.livebridge.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Neither port answers a request that comes by HTTP/2. */
@QuarkusTest
class HttpVersionTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GO_AWAY = 7;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final int HTTP_1_1_REQUIRED = 0xd;

    @TestHTTPResource("/")
    URI page;

    @TestHTTPResource(value = "/health", management = true)
    URI health;

    @Test
    void theClientsPortDoesNotKnowTheVersion() throws IOException {
        // When
        String answer = new String(exchange(page, priorKnowledge("/")), US_ASCII);

        // Then
        // The text of an HTTP/1 server, not a frame.
        assertTrue(answer.startsWith("HTTP/2.0 501 Not Implemented\r\n"), answer);
    }

    @Test
    void theClientsPortKeepsHttp11WhenAskedToUpgrade() throws IOException {
        // When
        String answer = new String(exchange(page, upgrade("/")), US_ASCII);

        // Then
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("<title>Livebridge</title>"), answer);
    }

    @Test
    void theManagementPortAnswersThatItNeedsHttp11() throws IOException {
        // When
        List<Frame> frames = frames(exchange(health, priorKnowledge(health.getPath())));

        // Then
        assertRefused(frames);
    }

    @Test
    void theManagementPortServesNothingAfterAnUpgrade() throws IOException {
        // When
        byte[] answer = exchange(health, upgrade(health.getPath()));

        // Then
        String text = new String(answer, US_ASCII);
        assertFalse(text.contains("UP"), text);
        int head = text.indexOf("\r\n\r\n") + 4;
        assertTrue(text.startsWith("HTTP/1.1 101 "), text);
        assertRefused(frames(Arrays.copyOfRange(answer, head, answer.length)));
    }

    private static void assertRefused(List<Frame> frames) {
        assertEquals(0, frames.stream().filter(frame -> frame.type() == HEADERS).count(), frames::toString);
        Frame last = frames.stream()
                .filter(frame -> frame.type() == GO_AWAY)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no GOAWAY among " + frames));
        // The last stream's id, then the error code.
        assertEquals(HTTP_1_1_REQUIRED, last.payload().getInt(4));
    }

    /** The preface, empty settings, and one GET. */
    private static byte[] priorKnowledge(String path) {
        ByteBuffer head = ByteBuffer.allocate(200);
        // HPACK: indexed ":method: GET" and ":scheme: http"; literal ":path" and ":authority" without indexing.
        head.put((byte) 0x82).put((byte) 0x86);
        head.put((byte) 0x04).put((byte) path.length()).put(path.getBytes(US_ASCII));
        head.put((byte) 0x01).put((byte) 9).put("localhost".getBytes(US_ASCII));
        head.flip();
        ByteBuffer request = ByteBuffer.allocate(400);
        request.put(PREFACE.getBytes(US_ASCII));
        request.put(new byte[3]).put((byte) SETTINGS).put((byte) 0).putInt(0);
        request.put(new byte[2]).put((byte) head.remaining());
        request.put((byte) HEADERS).put((byte) END_STREAM_AND_HEADERS).putInt(1);
        request.put(head);
        byte[] bytes = new byte[request.position()];
        request.flip().get(bytes);
        return bytes;
    }

    private static byte[] upgrade(String path) {
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n" + PREFACE;
        return request.getBytes(US_ASCII);
    }

    /** All bytes until the server closes the connection. */
    private static byte[] exchange(URI server, byte[] request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.getInputStream().transferTo(answer);
        } catch (SocketException e) {
            // The server may close with our bytes unread; what it said before counts.
            String reason = String.valueOf(e.getMessage());
            assertTrue(reason.contains("reset") || reason.contains("Broken pipe"), reason);
        }
        return answer.toByteArray();
    }

    private static List<Frame> frames(byte[] bytes) throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                in.readInt();
                frames.add(new Frame(type, ByteBuffer.wrap(in.readNBytes(length))));
            }
        } catch (EOFException e) {
            throw new AssertionError("cut off: " + frames, e);
        }
        return frames;
    }

    private record Frame(int type, ByteBuffer payload) {}
}
