package dev.livebridge.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Random;

/** Nearly valid frames: messages of all dialects with random changes of members, characters and bytes. */
final class FuzzFrames {

    private static final List<String> MESSAGES = List.of(
            "{\"text\":\"hello\"}",
            "{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]}}}",
            "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"AAAAAAAA\"}}}",
            "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"image/jpeg\",\"data\":\"_9j_2Q==\"}]}}",
            "{\"realtimeInput\":{\"activityStart\":{}}}",
            "{\"realtimeInput\":{\"audioStreamEnd\":true}}",
            "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}],\"turnComplete\":false}}",
            "{\"toolResponse\":{\"functionResponses\":[{\"id\":\"1\",\"name\":\"f\",\"response\":{\"output\":1}}]}}",
            "{\"contextUpdate\":{\"systemInstruction\":{\"parts\":[{\"text\":\"x\"}]},\"tools\":{\"tools\":[]}}}",
            "{\"ping\":{\"t\":1.5}}",
            "{\"beacon\":{\"turn\":1,\"firstSoundMs\":10}}",
            "{\"resume\":{\"token\":\"AAAA\"}}");
    private static final List<String> PIECES = List.of(
            "null",
            "[]",
            "{}",
            "-1",
            "1e999",
            "\"\\ud800\"",
            "true",
            "\"\"",
            "[[[[[[[[",
            "\"\\u0000\"",
            "0.1",
            "{\"a\":");

    private final Random random;

    FuzzFrames(Random random) {
        this.random = random;
    }

    /** The next frame, masked, as bytes on the wire. */
    byte[] next() {
        byte[] payload = mutated(MESSAGES.get(random.nextInt(MESSAGES.size())));
        int opcode = random.nextInt(20) == 0 ? HostileClient.BINARY : HostileClient.TEXT;
        return FrameBytes.frame(true, opcode, payload);
    }

    private byte[] mutated(String message) {
        StringBuilder text = new StringBuilder(message);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(0xFFFF));
                case 3 -> text.append(text.substring(at));
                default -> text.setLength(at);
            }
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        if (random.nextInt(10) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
