package dev.livebridge.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The PrometheusRule: the one source of alerts. */
public final class AlertRules {

    private static final Path FILE = Path.of("deploy", "components", "monitoring", "prometheusrule.yaml");

    private AlertRules() {}

    /** The rules, group by group, as Prometheus itself reads them: the inside of {@code spec}. */
    public static Map<String, Object> spec() {
        return inside(yaml(FILE), "spec");
    }

    /** All alerts. */
    public static List<Map<String, Object>> alerts() {
        return list(spec(), "groups").stream()
                .flatMap(group -> list(group, "rules").stream())
                .toList();
    }

    /** Reads a YAML file that holds one mapping. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> yaml(Path file) {
        try {
            return (Map<String, Object>) new Yaml().load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> inside(Map<String, Object> mapping, String key) {
        return (Map<String, Object>) mapping.getOrDefault(key, Map.of());
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Map<String, Object> mapping, String key) {
        return (List<Map<String, Object>>) mapping.getOrDefault(key, List.of());
    }
}
