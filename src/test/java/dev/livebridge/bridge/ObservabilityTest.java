package dev.livebridge.bridge;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.observability.Dashboards;
import dev.livebridge.observability.Dashboards.Panel;
import dev.livebridge.observability.MonitoringStack;
import dev.livebridge.observability.Tool;
import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Fault.Moment;
import dev.livebridge.simulator.Simulator;
import dev.livebridge.telemetry.Metric;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's metrics from outside: a scrape, a Prometheus with all dashboards, an alert. */
@QuarkusTest
@Tag("slow")
@TestProfile(ObservabilityTest.FewSeats.class)
class ObservabilityTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Questions about events that do not occur in this test: rotations, resumptions, lost messages. */
    private static final Set<String> MAY_BE_UNANSWERED = Set.of(
            "What becomes of rotations?",
            "How long is the gap of a rotation?",
            "What is dropped, and why?",
            "Do clients resume?",
            "Who is refused by a limit?",
            "Does the store of the limits answer?");

    /** Metrics of events that do not occur in this test. */
    private static final Set<Metric> MAY_BE_ABSENT = Set.of(
            Metric.UPSTREAM_ROTATIONS,
            Metric.UPSTREAM_GAP,
            Metric.WATCHDOG,
            Metric.RESUMPTIONS,
            Metric.LIMITS_DENIED,
            Metric.BUDGET_WARNINGS,
            Metric.LIMIT_STORE_AVAILABLE,
            Metric.LIMIT_STORE_FAILURES,
            Metric.SETTINGS_FILE_VALID);

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    Vertx vertx;

    @Inject
    Simulator simulator;

    @Inject
    Leaks leaks;

    @TempDir
    Path folder;

    /** A capacity that two sessions fill. */
    public static class FewSeats implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("livebridge.session.max-per-instance", "2");
        }
    }

    @Test
    void aScrapeIsTheVocabularyNoMoreAndNoLess() throws IOException, InterruptedException {
        traffic();

        String scrape = RestAssured.given()
                .accept("text/plain; version=0.0.4")
                .get(metrics)
                .asString();

        Map<String, Set<String>> seen = new TreeMap<>();
        Map<String, Set<String>> vocabulary = new TreeMap<>();
        scrape.lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
            String name = sample.group(1).replaceFirst("_(bucket|count|sum|max)$", "");
            if (name.startsWith("livebridge") || name.startsWith("gen_ai")) {
                Set<String> labels = seen.computeIfAbsent(name, _ -> new TreeSet<>());
                if (sample.group(2) != null) {
                    LABEL.matcher(sample.group(2))
                            .results()
                            .map(label -> label.group(1))
                            .forEach(labels::add);
                }
                labels.remove("le");
            }
        });
        for (Metric metric : Metric.values()) {
            if (!MAY_BE_ABSENT.contains(metric) || seen.containsKey(metric.prometheusName())) {
                vocabulary.put(
                        metric.prometheusName(),
                        metric.labels().stream()
                                .map(label -> label.replace('.', '_'))
                                .collect(toCollection(TreeSet::new)));
            }
        }
        assertEquals(vocabulary, seen);
        assertEquals(
                "",
                Tool.find("promtool").complaintsAbout(ours(scrape), List.of("check", "metrics")),
                "every metric has a help text, and its name its unit");
    }

    @Test
    void beginsAndEndsBalanceInEveryScrape() throws InterruptedException {
        // Given sessions that begin and end during scrapes
        AtomicBoolean watched = new AtomicBoolean(true);
        Thread crowd = Thread.ofVirtual().start(() -> {
            while (watched.get()) {
                try (TestClient client = TestClient.open(vertx, server, "/")) {
                    client.send("{\"setup\":{}}");
                } catch (CompletionException e) {
                    // One more that was not counted as a session.
                }
            }
        });

        // When
        List<String> scrapes = Stream.generate(() -> RestAssured.get(metrics).asString())
                .limit(10)
                .toList();
        watched.set(false);
        crowd.join();

        // Then
        assertTrue(sum(scrapes.getLast(), Metric.SESSIONS_STARTED) > 3, "sessions are counted");
        for (String scrape : scrapes) {
            assertEquals(
                    sum(scrape, Metric.SESSIONS_STARTED),
                    sum(scrape, Metric.SESSIONS_ENDED) + sum(scrape, Metric.SESSIONS_ACTIVE));
        }
        leaks.awaitNone();
    }

    @Test
    void everyQuestionOfEveryDashboardIsAnswered() throws IOException, InterruptedException {
        try (MonitoringStack stack = MonitoringStack.start(folder, metrics)) {
            await().atMost(PATIENCE).until(stack::scrapes);
            // Twice, so that counters that appear with the first event are seen to grow.
            traffic();
            awaitScrape(stack);
            traffic();

            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                List<String> unanswered = new ArrayList<>();
                for (Panel panel : panels()) {
                    for (String expression : panel.expressions()) {
                        if (stack.query(resolved(expression)).isEmpty() && !MAY_BE_UNANSWERED.contains(panel.title())) {
                            unanswered.add(panel + ": " + expression);
                        }
                    }
                }
                assertEquals(List.of(), unanswered);
            });
            render(stack);
        }
    }

    @Test
    void aFullServiceRaisesItsAlert() throws IOException, InterruptedException {
        try (MonitoringStack stack = MonitoringStack.start(folder, metrics)) {
            await().atMost(PATIENCE).until(stack::scrapes);
            assertTrue(stack.firing().isEmpty());

            try (TestClient one = TestClient.open(vertx, server, "/");
                    TestClient two = TestClient.open(vertx, server, "/")) {
                one.send("{\"setup\":{}}");
                two.send("{\"setup\":{}}");

                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> stack.firing().contains("LivebridgeNearlyFull"));
            }
        }
        leaks.awaitNone();
    }

    /** One of each: an answer, an interruption, a report, bad input, an unknown client, a lost model. */
    private void traffic() {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{}}");
            client.send("{\"text\":\"Thank you\"}");
            int turn = timing(client).get("turn").asInt();
            client.send("{\"beacon\":{\"turn\":" + turn
                    + ",\"firstSoundMs\":900,\"interruptSilenceMs\":30,\"underruns\":1}}");
            client.awaitMessage(message -> message.path("type").asText().equals("turnComplete"));
            client.send("{\"beacon\":{\"turn\":1}}");
            client.awaitMessage(message -> message.path("type").asText().equals("error"));
        }
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]}}}");
            client.send("{\"text\":\"Tell me a story\"}");
            await().until(() -> client.all("audio").count() >= 3);
            client.say(Sound.speech(600));
            client.awaitMessage("interrupted");
            client.say(Sound.silence(1_500));
            client.awaitMessage("turn_complete");
        }
        leaks.awaitNone();
        assertThrows(
                CompletionException.class,
                () -> TestClient.open(vertx, server, "/", Map.of("Origin", "https://evil.example")));
        RestAssured.get(server.resolve("/v1/files")).then().statusCode(404);
        double closesBefore = sum(RestAssured.get(metrics).asString(), Metric.UPSTREAM_CLOSES);
        simulator
                .faults()
                .next(new Fault.Close(1011, "Internal error", new Moment.AfterSetupComplete(Duration.ofMillis(900))));
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{}}");
            client.send("{\"text\":\"Tell me a story\"}");
            await().until(() -> sum(RestAssured.get(metrics).asString(), Metric.UPSTREAM_CLOSES) > closesBefore);
        } finally {
            simulator.faults().clear();
        }
        leaks.awaitNone();
    }

    private static JsonNode timing(TestClient client) {
        return client.awaitMessage(message -> message.path("type").asText().equals("timing"));
    }

    private static void awaitScrape(MonitoringStack stack) throws IOException, InterruptedException {
        String timestamp = "timestamp(livebridge_sessions_capacity)";
        String before = stack.query(timestamp).toString();
        await().until(() -> !stack.query(timestamp).toString().equals(before));
    }

    private static List<Panel> panels() {
        return Dashboards.all().stream().flatMap(Dashboards.Dashboard::panels).toList();
    }

    private static String resolved(String expression) {
        return expression.replace("$__rate_interval", "1m").replaceAll("\\$(namespace|pod)", ".*");
    }

    /** Screenshots of the dashboards: {@code -Dobservability.pictures=FOLDER} (Node.js and Chromium). */
    private static void render(MonitoringStack stack) throws IOException, InterruptedException {
        String pictures = System.getProperty("observability.pictures", "");
        if (!pictures.isEmpty()) {
            int status = new ProcessBuilder(
                            "node",
                            "deploy/observability/render.mjs",
                            stack.prometheus().toString(),
                            pictures)
                    .inheritIO()
                    .start()
                    .waitFor();
            assertEquals(0, status);
        }
    }

    private static double sum(String scrape, Metric metric) {
        return samples(scrape)
                .filter(sample -> sample.group(1).equals(metric.prometheusName()))
                .mapToDouble(sample -> Double.parseDouble(sample.group(3)))
                .sum();
    }

    private static Stream<Matcher> samples(String scrape) {
        return scrape.lines().map(SAMPLE::matcher).filter(Matcher::matches);
    }

    private static String ours(String scrape) {
        return scrape.lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?(livebridge|gen_ai)_.*"))
                .collect(joining("\n", "", "\n"));
    }
}
