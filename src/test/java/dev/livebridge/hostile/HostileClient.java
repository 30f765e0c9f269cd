package dev.livebridge.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client on a plain socket. It can write invalid frames, stop reading, and leave pings unanswered. */
public final class HostileClient implements AutoCloseable {

    /** Opcodes of RFC 6455 section 5.2. */
    public static final int CONTINUATION = 0;

    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int CONNECT_MILLIS = 10_000;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private int status;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * A frame of the service.
     *
     * @param opcode see the constants
     * @param payload unmasked
     */
    // Frames are not compared, and each array has one owner.
    @SuppressWarnings("ArrayRecordComponent")
    public record Frame(int opcode, byte[] payload) {

        /** The payload as text. */
        public String text() {
            return new String(payload, UTF_8);
        }

        /** The code of a close frame. */
        public int closeCode() {
            return Byte.toUnsignedInt(payload[0]) << Byte.SIZE | Byte.toUnsignedInt(payload[1]);
        }

        /** The reason of a close frame. */
        public String closeReason() {
            return new String(payload, 2, payload.length - 2, UTF_8);
        }
    }

    /** A TCP connection, on which nothing is written yet. */
    public HostileClient(URI server) throws IOException {
        this(server, 0);
    }

    /**
     * A TCP connection, on which nothing is written yet.
     *
     * @param receiveBuffer bytes that the kernel takes before the peer has to wait; 0 for its default
     */
    public HostileClient(URI server, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), CONNECT_MILLIS);
        out = socket.getOutputStream();
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** An open WebSocket. */
    public static HostileClient open(URI server, String path) throws IOException {
        HostileClient client = new HostileClient(server);
        if (client.upgrade(path) != SWITCHING_PROTOCOLS) {
            client.close();
            throw new IOException("refused with " + client.status);
        }
        return client;
    }

    /** A request to upgrade. */
    public static byte[] upgradeRequest(String path, String... moreHeaders) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
        for (String header : moreHeaders) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    /**
     * Asks for an upgrade.
     *
     * @return the status of the answer
     */
    public int upgrade(String path, String... moreHeaders) throws IOException {
        write(upgradeRequest(path, moreHeaders));
        return readAnswer();
    }

    /** Reads an answer's status and headers, and its body if it has one. */
    public int readAnswer() throws IOException {
        within(Duration.ofSeconds(30));
        headers.clear();
        status = Integer.parseInt(line().split(" ", 3)[1]);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return status;
    }

    /** A header of the last answer. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    /** Writes raw bytes. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /**
     * Writes bytes as they are.
     *
     * @return whether the service still takes them
     */
    public boolean tryWrite(byte[] bytes) {
        try {
            out.write(bytes);
            return true;
        } catch (IOException e) {
            // The service has closed the connection.
            return false;
        }
    }

    /** Sends a text message in one frame. */
    public void send(String text) throws IOException {
        write(FrameBytes.frame(true, TEXT, text.getBytes(UTF_8)));
    }

    /**
     * Reads the next frame.
     *
     * @return {@code null} when the service has closed the connection
     * @throws java.net.SocketTimeoutException when none comes in time
     */
    public @Nullable Frame read(Duration patience) throws IOException {
        within(patience);
        try {
            int first = in.readUnsignedByte();
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = new byte[Math.toIntExact(length)];
            in.readFully(payload);
            return new Frame(first & 0x0F, payload);
        } catch (EOFException | SocketException e) {
            // The service has closed the connection.
            return null;
        }
    }

    /** Reads until the service closes the connection, and answers nothing. */
    public List<Frame> readToEnd(Duration patience) throws IOException {
        List<Frame> frames = new ArrayList<>();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
            Frame frame = read(left);
            if (frame == null) {
                return frames;
            }
            frames.add(frame);
        }
    }

    private void within(Duration patience) throws SocketException {
        socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
