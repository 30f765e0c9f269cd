package dev.livebridge.deploy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A possible mistake in {@code deploy/}: a row of {@code manifest-mistakes.yaml}. */
record Mistake(JsonNode row) {

    /** All mistakes, by the policy that must find them. */
    static Map<String, List<Mistake>> load() {
        try (InputStream in = requireNonNull(Mistake.class.getResourceAsStream("/manifest-mistakes.yaml"))) {
            Map<String, List<JsonNode>> rows = new YAMLMapper().readValue(in, new TypeReference<>() {});
            return rows.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            policy ->
                                    policy.getValue().stream().map(Mistake::new).toList()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The combination with the mistake. */
    Path where() {
        return Path.of("deploy").resolve(row.required("in").asText());
    }

    void make(Manifests manifests) {
        if (row.has("setting")) {
            manifests.settings().set(row.path("setting").asText(), row.required("to"));
        } else if (row.has("remove")) {
            manifests.remove(row.required("object").asText(), row.path("remove").asText());
        } else {
            manifests.set(row.required("object").asText(), row.required("set").asText(), row.required("to"));
        }
    }

    @Override
    public String toString() {
        return row.toString();
    }
}
