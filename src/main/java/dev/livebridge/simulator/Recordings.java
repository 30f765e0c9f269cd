package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spoken sentences shipped with the simulator; {@code simulator/recordings.json} is their index. Each is decoded
 * when it is first said: all of them together are four megabytes, and would be a fifth of the service's start-up.
 */
final class Recordings {

    private static final String FOLDER = "/simulator/";
    private static final int SHIPPED_RATE = 16_000;

    private final Map<String, Recording> byId = new HashMap<>();

    /** Reads the index. */
    Recordings() {
        for (JsonNode recording : index().path("recordings")) {
            byId.put(
                    recording.path("id").asText(),
                    new Recording(
                            recording.path("file").asText(),
                            recording.path("transcript").asText()));
        }
    }

    /** The recording with this id, one of the index. */
    Speech get(String id) {
        Recording recording = byId.get(id);
        if (recording == null) {
            throw new IllegalArgumentException("no recording " + id);
        }
        return recording.spoken();
    }

    private static JsonNode index() {
        byte[] index = bytes("recordings.json");
        try {
            return new ObjectMapper().readTree(index);
        } catch (IOException e) {
            throw new UncheckedIOException("the index of the simulator's recordings cannot be read", e);
        }
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Recordings.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException("missing resource " + FOLDER + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator's recordings cannot be read", e);
        }
    }

    private static final class Recording {

        private final String file;
        private final String transcript;
        private @Nullable Speech spoken;

        Recording(String file, String transcript) {
            this.file = file;
            this.transcript = transcript;
        }

        synchronized Speech spoken() {
            Speech decoded = spoken;
            if (decoded == null) {
                decoded = new Speech(Resampler.convert(Adpcm.decode(bytes(file)), SHIPPED_RATE), transcript);
                spoken = decoded;
            }
            return decoded;
        }
    }
}
