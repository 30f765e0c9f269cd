package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The spoken sentences shipped with the simulator; {@code simulator/recordings.json} is their index. */
final class Recordings {

    private static final String FOLDER = "/simulator/";
    private static final int SHIPPED_RATE = 16_000;

    private final Map<String, Spoken> byId = new HashMap<>();

    /** Reads and decodes all of them; about half a megabyte. */
    Recordings() {
        try {
            JsonNode index = new ObjectMapper().readTree(bytes("recordings.json"));
            for (JsonNode recording : index.path("recordings")) {
                short[] shipped = Adpcm.decode(bytes(recording.path("file").asText()));
                byId.put(
                        recording.path("id").asText(),
                        new Spoken(
                                Resampler.convert(shipped, SHIPPED_RATE),
                                recording.path("transcript").asText()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator's recordings cannot be read", e);
        }
    }

    /** The recording with this id; the ids are those of the index. */
    Spoken get(String id) {
        Spoken spoken = byId.get(id);
        if (spoken == null) {
            throw new IllegalArgumentException("no recording " + id);
        }
        return spoken;
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Recordings.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException("missing resource " + FOLDER + name);
            }
            return in.readAllBytes();
        }
    }
}
