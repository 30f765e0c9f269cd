package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The spoken sentences shipped with the simulator; {@code simulator/recordings.json} is their index. Each is decoded
 * when it is first said, and forgotten when others were said since: all of them together are nine megabytes.
 */
final class Recordings {

    private static final String FOLDER = "/simulator/";
    private static final String GERMAN = "de-";
    private static final int SHIPPED_RATE = 11_025;

    /** Decoded samples that are kept: four megabytes. */
    private static final int KEPT_SAMPLES = 2_000_000;

    private final Map<String, Recording> byId = new HashMap<>();
    private final Map<String, Speech> decoded = new LinkedHashMap<>(16, 0.75f, true);
    private int decodedSamples;

    /** Where a sentence is, and its words. */
    private record Recording(String file, String transcript) {}

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

    /** The English recording with this id, one of the index. */
    Speech get(String id) {
        return get(id, false);
    }

    /**
     * The recording with this id, one of the index.
     *
     * @param german whether the German one is wanted; where there is none, it is the English one
     */
    Speech get(String id, boolean german) {
        String spoken = german && byId.containsKey(GERMAN + id) ? GERMAN + id : id;
        Recording recording = byId.get(spoken);
        if (recording == null) {
            throw new IllegalArgumentException("no recording " + id);
        }
        return decode(spoken, recording);
    }

    /** The ids of the recordings of a kind: {@code thanks}, {@code thanks-2} and so on. */
    List<String> variants(String kind, boolean german) {
        String prefix = german && byId.containsKey(GERMAN + kind) ? GERMAN : "";
        List<String> variants = new ArrayList<>(List.of(kind));
        for (int next = 2; byId.containsKey(prefix + kind + "-" + next); next++) {
            variants.add(kind + "-" + next);
        }
        return variants;
    }

    private synchronized Speech decode(String id, Recording recording) {
        Speech known = decoded.get(id);
        if (known != null) {
            return known;
        }
        Speech speech = new Speech(
                Resampler.convert(Adpcm.decode(bytes(recording.file())), SHIPPED_RATE), recording.transcript());
        decoded.put(id, speech);
        decodedSamples += speech.samples().length;
        Iterator<Speech> oldest = decoded.values().iterator();
        while (decodedSamples > KEPT_SAMPLES && oldest.hasNext()) {
            decodedSamples -= oldest.next().samples().length;
            oldest.remove();
        }
        return speech;
    }

    /** Number of decoded samples that are kept. */
    synchronized int decodedSamples() {
        return decodedSamples;
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
}
