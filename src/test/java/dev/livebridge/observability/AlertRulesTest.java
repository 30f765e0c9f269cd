package dev.livebridge.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** promtool accepts the alerts; each has a test and an existing runbook. */
class AlertRulesTest {

    private static final Path TESTS = Path.of("deploy", "observability", "rules-tests");
    private static final Path RUNBOOKS = Path.of("docs", "runbooks");

    @TempDir
    Path folder;

    static Stream<Map<String, Object>> alerts() {
        return AlertRules.alerts().stream();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertSaysWhatHappensAndWhereToRead(Map<String, Object> alert) {
        Map<String, Object> annotations = AlertRules.inside(alert, "annotations");

        assertEquals(Set.of("summary", "description", "runbook_url"), annotations.keySet());
        assertTrue(alert.containsKey("for"), "an alert needs a waiting time");
        assertTrue(Set.of("warning", "critical")
                .contains(AlertRules.inside(alert, "labels").get("severity")));
        assertTrue(Files.exists(Path.of(String.valueOf(annotations.get("runbook_url")))));
    }

    @Test
    void everyAlertHasARunbookAndEveryRunbookItsAlert() throws IOException {
        Set<String> headings;
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            headings = pages.map(AlertRulesTest::heading).collect(Collectors.toCollection(TreeSet::new));
        }

        assertEquals(names(), headings);
    }

    @Test
    void theOperatorsPageSaysWhatEachAlertWants() throws IOException {
        String page = Files.readString(Path.of("docs", "operations.md"));
        List<String> rows = alerts().map(alert -> "| [" + alert.get("alert") + "]("
                        + Path.of("docs")
                                .relativize(Path.of(String.valueOf(
                                        AlertRules.inside(alert, "annotations").get("runbook_url"))))
                        + ") | "
                        + AlertRules.inside(alert, "labels").get("severity") + " | ")
                .toList();

        assertEquals(List.of(), rows.stream().filter(row -> !page.contains(row)).toList());
        assertEquals(
                rows.size(),
                page.lines().filter(line -> line.startsWith("| [Livebridge")).count());
    }

    @Test
    void everyAlertHasATest() {
        Set<String> tested = AlertRules.list(AlertRules.yaml(TESTS.resolve("livebridge.yaml")), "tests").stream()
                .flatMap(test -> AlertRules.list(test, "alert_rule_test").stream())
                .filter(test -> !AlertRules.list(test, "exp_alerts").isEmpty())
                .map(test -> String.valueOf(test.get("alertname")))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(names(), tested);
    }

    @Test
    void promtoolAgrees() throws IOException, InterruptedException {
        Tool promtool = Tool.find("promtool");
        Files.writeString(folder.resolve("rules.yaml"), new Yaml().dump(AlertRules.spec()));
        Files.copy(
                TESTS.resolve("livebridge.yaml"),
                folder.resolve("livebridge.yaml"),
                StandardCopyOption.REPLACE_EXISTING);

        assertEquals("", promtool.complaints(folder, List.of("check", "rules", "rules.yaml")));
        assertEquals("", promtool.complaints(folder, List.of("test", "rules", "livebridge.yaml")));
    }

    private static Set<String> names() {
        return alerts().map(alert -> String.valueOf(alert.get("alert"))).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String heading(Path page) {
        try {
            return Files.readAllLines(page).getFirst().substring(2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
