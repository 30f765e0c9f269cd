package dev.livebridge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.telemetry.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Policies for ingress, egress and scaling. */
final class TrafficPolicies {

    static final Policy NO_DEADLINE =
            new Policy("no route cuts a conversation at a deadline", TrafficPolicies::deadlines);
    static final Policy ONE_AUTOSCALER = new Policy("the number of pods has one owner", TrafficPolicies::owners);
    static final Policy SCALES_ON_SESSIONS =
            new Policy("autoscalers count conversations, at 70 % of a pod's limit", TrafficPolicies::scaling);
    static final Policy CALM_SCALE_DOWN =
            new Policy("one pod goes in five minutes at most, and two always stay", TrafficPolicies::behaviour);
    static final Policy PROTOCOLS =
            new Policy("every port of the network policy says its protocol", TrafficPolicies::protocols);
    static final Policy INGRESS =
            new Policy("clients reach http, only our pods and Prometheus' reach management", TrafficPolicies::ingress);
    static final Policy EGRESS = new Policy(
            "pods reach DNS, each other, public addresses at 443 and their Redis, nothing else",
            TrafficPolicies::egress);
    static final Policy SCRAPING = new Policy("Prometheus may reach its scrape targets", TrafficPolicies::scraping);

    static final List<Policy> ALL = List.of(
            NO_DEADLINE, ONE_AUTOSCALER, SCALES_ON_SESSIONS, CALM_SCALE_DOWN, PROTOCOLS, INGRESS, EGRESS, SCRAPING);

    private static final Pattern SUM_QUERY = Pattern.compile("sum\\((\\w+)\\{namespace=\"([^\"]*)\"}\\)");

    /** Address ranges of clusters, sites and cloud metadata services. */
    private static final Set<String> PRIVATE =
            Set.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10");

    private static final int REDIS = 6379;

    private TrafficPolicies() {}

    private static Stream<String> deadlines(Manifests manifests) {
        return manifests
                .all("HTTPRoute")
                .flatMap(route -> route.at("/spec/rules").valueStream())
                .flatMap(rule -> Stream.of("request", "backendRequest")
                        .filter(timeout ->
                                !rule.path("timeouts").path(timeout).asText().equals("0s"))
                        .map(timeout -> "timeouts." + timeout + " is not 0s"));
    }

    private static Stream<String> owners(Manifests manifests) {
        long autoscalers = manifests.all("HorizontalPodAutoscaler").count()
                + manifests.all("ScaledObject").count();
        boolean fixed = manifests.the("Deployment").path("spec").has("replicas");
        return Stream.of(
                        autoscalers > 1 ? autoscalers + " autoscalers" : "",
                        autoscalers > 0 && fixed ? "replicas beside an autoscaler: each apply resets the count" : "")
                .filter(fault -> !fault.isEmpty());
    }

    private static Stream<String> scaling(Manifests manifests) {
        String meter = Metric.SESSIONS_ACTIVE.prometheusName();
        String target = Long.toString(
                manifests.settings().path("LIVEBRIDGE_SESSION_MAX_PER_INSTANCE").asLong() * 7 / 10);
        String expected = meter + " " + target;
        Stream<String> hpa = manifests
                .all("HorizontalPodAutoscaler")
                .flatMap(scaler -> scaler.at("/spec/metrics").valueStream())
                .map(metric -> metric.at("/pods/metric/name").asText() + " "
                        + metric.at("/pods/target/averageValue").asText());
        Stream<String> keda = manifests
                .all("ScaledObject")
                .flatMap(scaler -> scaler.at("/spec/triggers").valueStream().map(trigger -> {
                    Matcher query =
                            SUM_QUERY.matcher(trigger.at("/metadata/query").asText());
                    boolean ownNamespace = query.matches()
                            && query.group(2)
                                    .equals(scaler.at("/metadata/namespace").asText());
                    return (ownNamespace ? query.group(1) : "not its own pods") + " "
                            + trigger.at("/metadata/threshold").asText();
                }));
        return Stream.concat(hpa, keda)
                .filter(found -> !found.equals(expected))
                .map(found -> "wanted " + expected + ", found " + found);
    }

    private static Stream<String> behaviour(Manifests manifests) {
        Stream<String> fewest = Stream.concat(
                        manifests.all("HorizontalPodAutoscaler").map(scaler -> scaler.at("/spec/minReplicas")),
                        manifests.all("ScaledObject").map(scaler -> scaler.at("/spec/minReplicaCount")))
                .filter(minimum -> minimum.asInt() < 2)
                .map(minimum -> "the minimum is " + minimum);
        Stream<String> falls = Stream.concat(
                        manifests.all("HorizontalPodAutoscaler").map(scaler -> scaler.at("/spec/behavior/scaleDown")),
                        manifests
                                .all("ScaledObject")
                                .map(scaler ->
                                        scaler.at("/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown")))
                .filter(down -> down.path("stabilizationWindowSeconds").asInt() < 600
                        || !down.path("selectPolicy").asText().equals("Min")
                        || down.at("/policies/0/periodSeconds").asInt() < 300
                        || down.at("/policies/0/value").asInt() != 1)
                .map(down -> "scale down: " + down);
        return Stream.concat(fewest, falls);
    }

    private static Stream<String> protocols(Manifests manifests) {
        return Stream.of("/spec/ingress", "/spec/egress")
                .flatMap(direction ->
                        manifests.the("NetworkPolicy").at(direction).valueStream())
                .flatMap(rule -> rule.path("ports").valueStream())
                .filter(port -> !port.has("protocol"))
                .map(port -> "port " + port.path("port") + " has none: it is re-configured at every apply");
    }

    private static Stream<String> ingress(Manifests manifests) {
        return manifests.the("NetworkPolicy").at("/spec/ingress").valueStream().flatMap(rule -> {
            boolean open = rule.path("from").isEmpty()
                    || rule.path("from")
                            .valueStream()
                            .anyMatch(peer -> labels(peer).isEmpty());
            if (open) {
                return Stream.of("ingress is open to everyone: " + rule);
            }
            Set<String> ports = rule.path("ports")
                    .valueStream()
                    .map(port -> port.path("port").asText())
                    .collect(Collectors.toSet());
            if (ports.equals(Set.of("http"))) {
                return Stream.empty();
            }
            if (!ports.equals(Set.of("management"))) {
                return Stream.of("one rule opens " + ports);
            }
            return rule.path("from")
                    .valueStream()
                    .filter(peer -> peer.at("/podSelector/matchLabels").isEmpty())
                    .map(peer -> "every pod of a namespace reaches management: " + peer);
        });
    }

    private static String labels(JsonNode peer) {
        return Stream.of("namespaceSelector", "podSelector")
                .map(selector -> peer.path(selector).path("matchLabels"))
                .filter(labels -> !labels.isEmpty())
                .map(JsonNode::toString)
                .collect(Collectors.joining());
    }

    private static Stream<String> egress(Manifests manifests) {
        List<JsonNode> rules =
                manifests.the("NetworkPolicy").at("/spec/egress").valueStream().toList();
        Set<String> reached = rules.stream()
                .flatMap(rule -> rule.path("ports").valueStream())
                .map(port ->
                        port.path("protocol").asText() + " " + port.path("port").asText())
                .collect(Collectors.toSet());
        Set<String> wanted = new HashSet<>(Set.of("UDP 53", "TCP 53", "TCP 443", "TCP 9000"));
        if (manifests.settings().path("LIVEBRIDGE_LIMITS_STORE").asText().equals("redis")) {
            wanted.add("TCP " + REDIS);
        }
        Stream<String> ports = reached.equals(wanted) ? Stream.empty() : Stream.of("egress to " + reached);
        Stream<String> everywhere = rules.stream()
                .filter(rule -> rule.path("to").isEmpty() || rule.path("ports").isEmpty())
                .map(rule -> "egress without a bound: " + rule);
        Stream<String> inside = rules.stream()
                .flatMap(rule -> rule.path("to").valueStream())
                .map(peer -> peer.path("ipBlock"))
                .filter(block -> block.path("cidr").asText().equals("0.0.0.0/0"))
                .filter(block -> !block.path("except")
                        .valueStream()
                        .map(JsonNode::asText)
                        .collect(Collectors.toSet())
                        .containsAll(PRIVATE))
                .map(block -> "private addresses can be reached: " + block);
        Stream<String> namespaces = rules.stream()
                .filter(rule -> rule.at("/ports/0/port").asInt() == REDIS)
                .flatMap(rule -> rule.path("to").valueStream())
                .filter(peer -> !peer.has("podSelector") && !peer.has("ipBlock"))
                .map(peer -> "every pod of the namespace of Redis can be reached: " + peer);
        return Stream.of(ports, everywhere, inside, namespaces).flatMap(faults -> faults);
    }

    private static Stream<String> scraping(Manifests manifests) {
        return manifests
                .all("PodMonitor")
                .filter(monitor -> manifests
                        .the("NetworkPolicy")
                        .at("/spec/ingress")
                        .valueStream()
                        .noneMatch(rule -> rule.at("/ports/0/port").asText().equals("management")
                                && rule.at("/from/0").has("namespaceSelector")
                                && rule.at("/from/0").has("podSelector")))
                .map(monitor -> Manifests.title(monitor) + ", but no pods of another namespace may reach management");
    }
}
