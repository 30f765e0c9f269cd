package dev.livebridge.observability;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.proxies.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/** A real Prometheus that scrapes the service each second, and a real Alertmanager; loopback only. */
public final class MonitoringStack implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process prometheus;
    private final Process alertmanager;
    private final URI prometheusUri;
    private final URI alertmanagerUri;

    private MonitoringStack(Process prometheus, URI prometheusUri, Process alertmanager, URI alertmanagerUri) {
        this.prometheus = prometheus;
        this.prometheusUri = prometheusUri;
        this.alertmanager = alertmanager;
        this.alertmanagerUri = alertmanagerUri;
    }

    /**
     * Starts both. Alerts fire as soon as their expression holds, without their waiting time.
     *
     * @param folder for their configuration and data
     * @param metrics where the service is scraped
     */
    public static MonitoringStack start(Path folder, URI metrics) throws IOException {
        Tool prometheus = Tool.find("prometheus");
        Tool alertmanager = Tool.find("prometheus-alertmanager", "alertmanager");
        int prometheusPort = Ports.free();
        int alertmanagerPort = Ports.free();
        Map<String, Object> rules = AlertRules.spec();
        AlertRules.list(rules, "groups")
                .forEach(group -> AlertRules.list(group, "rules").forEach(rule -> rule.put("for", "0s")));
        Files.writeString(folder.resolve("rules.yaml"), new Yaml().dump(rules));
        Files.writeString(folder.resolve("alertmanager.yaml"), """
                route: {receiver: none, group_wait: 0s, group_interval: 1s}
                receivers: [{name: none}]
                """);
        Files.writeString(folder.resolve("prometheus.yaml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules.yaml]
                scrape_configs:
                  - job_name: livebridge
                    metrics_path: %s
                    static_configs: [{targets: ['%s'], labels: {namespace: live, pod: livebridge-0}}]
                alerting:
                  alertmanagers: [{static_configs: [{targets: ['127.0.0.1:%d']}]}]
                """.formatted(
                        metrics.getPath(), metrics.getAuthority(), alertmanagerPort));
        return new MonitoringStack(
                prometheus.serve(
                        folder,
                        List.of(
                                "--config.file=prometheus.yaml",
                                "--storage.tsdb.path=data",
                                "--web.listen-address=127.0.0.1:" + prometheusPort)),
                URI.create("http://127.0.0.1:" + prometheusPort),
                alertmanager.serve(
                        folder,
                        List.of(
                                "--config.file=alertmanager.yaml",
                                "--storage.path=alerts",
                                "--cluster.listen-address=",
                                "--web.listen-address=127.0.0.1:" + alertmanagerPort)),
                URI.create("http://127.0.0.1:" + alertmanagerPort));
    }

    /** Base URL of Prometheus. */
    public URI prometheus() {
        return prometheusUri;
    }

    /** The series of an instant query; a refused expression is an error. */
    public List<JsonNode> query(String expression) throws IOException, InterruptedException {
        JsonNode answer = get(prometheusUri.resolve("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8)));
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(expression + ": " + answer.path("error").asText());
        }
        return StreamSupport.stream(answer.at("/data/result").spliterator(), false)
                .toList();
    }

    /** Whether Prometheus has scraped the service. */
    public boolean scrapes() {
        try {
            return !query("livebridge_sessions_capacity").isEmpty();
        } catch (IOException e) {
            // Not ready yet.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The names of the alerts that have arrived at Alertmanager. */
    public List<String> firing() throws IOException, InterruptedException {
        return StreamSupport.stream(
                        get(alertmanagerUri.resolve("/api/v2/alerts")).spliterator(), false)
                .map(alert -> alert.at("/labels/alertname").asText())
                .toList();
    }

    private JsonNode get(URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        prometheus.destroy();
        alertmanager.destroy();
        http.close();
    }
}
