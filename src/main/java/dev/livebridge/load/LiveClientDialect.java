package dev.livebridge.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** {@code docs/live-protocol.md}, read and written from its description. */
final class LiveClientDialect implements ClientDialect {

    private static final int HEADER_BYTES = 8;
    private static final byte MICROPHONE = 1;
    private static final byte MODEL_VOICE = (byte) 129;
    private static final List<ServiceMessage> NOT_UNDERSTOOD =
            List.of(new ServiceMessage.Problem("not_understood", false));

    private final long startedNanos = System.nanoTime();
    private short sequence;

    @Override
    public String path() {
        return "/live";
    }

    @Override
    public String resumptionPath() {
        return "/live?resume";
    }

    @Override
    public boolean sendsReady() {
        return true;
    }

    @Override
    public Frame resume(String token) {
        ObjectNode frame = Json.object();
        frame.putObject("resume").put("token", token);
        return new Frame.Text(frame.toString());
    }

    @Override
    public Frame sound(byte[] pcm) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + pcm.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(MICROPHONE).put((byte) 0).putShort(sequence++);
        frame.putInt((int) ((System.nanoTime() - startedNanos) / 1_000_000)).put(pcm);
        return new Frame.Binary(frame.array());
    }

    @Override
    public List<ServiceMessage> decode(byte[] data) {
        return data.length <= HEADER_BYTES || data[0] != MODEL_VOICE
                ? NOT_UNDERSTOOD
                : List.of(new ServiceMessage.Sound(Arrays.copyOfRange(data, HEADER_BYTES, data.length)));
    }

    @Override
    public List<ServiceMessage> decode(String text) {
        JsonNode message = Json.read(text);
        if (message == null || !message.path("type").isTextual()) {
            return NOT_UNDERSTOOD;
        }
        return List.of(
                switch (message.path("type").asText()) {
                    case "ready" ->
                        new ServiceMessage.Ready(
                                message.path("resumed").asBoolean(),
                                message.path("memory").asText().equals("rebuilt"));
                    case "interrupted" -> new ServiceMessage.Interrupted();
                    case "turnComplete" -> new ServiceMessage.TurnComplete();
                    case "resumeToken" ->
                        new ServiceMessage.Token(message.path("token").asText());
                    case "migrate" ->
                        new ServiceMessage.Migrate(message.path("token").asText());
                    case "error" ->
                        new ServiceMessage.Problem(
                                message.path("code").asText(),
                                message.path("fatal").asBoolean());
                    default -> new ServiceMessage.Nothing();
                });
    }
}
