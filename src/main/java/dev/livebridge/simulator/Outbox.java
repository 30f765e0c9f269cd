package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;

/** The outgoing messages of one connection: binary frames, in order, written on its event loop. */
final class Outbox {

    private final ServerWebSocket socket;
    private final int framesPerMessage;
    private final boolean unknownFields;

    Outbox(ServerWebSocket socket, FaultPlan faults) {
        this.socket = socket;
        this.framesPerMessage = faults.first(Fault.SplitFrames.class)
                .map(Fault.SplitFrames::frames)
                .orElse(1);
        this.unknownFields = faults.has(Fault.UnknownFields.class);
    }

    void send(ObjectNode message) {
        if (unknownFields && !message.isEmpty()) {
            message.putObject("livebridgeUnknown").put("detail", 1);
        }
        write(Wire.frame(message));
    }

    /** Sends a chunk back as it came. A client that does not read is not read from either. */
    void echo(String base64) {
        write(Wire.audioFrame(base64));
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(ignored -> socket.resume());
        }
    }

    private void write(Buffer message) {
        if (socket.isClosed()) {
            return;
        }
        if (framesPerMessage <= 1) {
            socket.writeBinaryMessage(message);
            return;
        }
        int size = Math.max(1, (message.length() + framesPerMessage - 1) / framesPerMessage);
        for (int from = 0; from < message.length(); from += size) {
            int to = Math.min(from + size, message.length());
            Buffer part = message.getBuffer(from, to);
            boolean last = to == message.length();
            socket.writeFrame(
                    from == 0 ? WebSocketFrame.binaryFrame(part, last) : WebSocketFrame.continuationFrame(part, last));
        }
    }
}
