package dev.livebridge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.session.account.MemoryBound;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Policies for pods: restricted security context, probes on the right port, grace period, memory. */
final class WorkloadPolicies {

    static final Policy PORT_NAMES_RESOLVE = new Policy("port names are the container's", WorkloadPolicies::portNames);
    static final Policy PORTS_ARE_THE_SERVICE = new Policy(
            "9080 is http and 9000 is management",
            manifests -> differences(Map.of("http", 9080, "management", 9000), ports(manifests)));
    static final Policy PROBES =
            new Policy("each probe asks its path on the management port", WorkloadPolicies::probes);
    static final Policy RESTRICTED =
            new Policy("pods pass the restricted pod security standard", WorkloadPolicies::restriction);
    static final Policy READ_ONLY =
            new Policy("containers write to /tmp only, and that is bounded", WorkloadPolicies::disk);
    static final Policy NO_API_TOKEN = new Policy("pods hold no token for the API server", WorkloadPolicies::apiToken);
    static final Policy TIME_TO_LEAVE =
            new Policy("the grace period covers preStop, delay, drain and a margin", WorkloadPolicies::shutdown);
    static final Policy MEMORY = new Policy(
            "memory is bounded, the sessions' share fits, CPU is not throttled", WorkloadPolicies::resources);
    static final Policy MANAGEMENT_HOST = new Policy(
            "the node, Prometheus and the other pods reach the management port", WorkloadPolicies::managementHost);
    static final Policy ROLLOUT = new Policy("a rollout starts a pod before it stops one", WorkloadPolicies::rollout);
    static final Policy DOES_NOT_ASK_FOR_A_SHELL =
            new Policy("nothing needs a shell in the image", WorkloadPolicies::commands);

    static final List<Policy> ALL = List.of(
            PORT_NAMES_RESOLVE,
            PORTS_ARE_THE_SERVICE,
            PROBES,
            RESTRICTED,
            READ_ONLY,
            NO_API_TOKEN,
            TIME_TO_LEAVE,
            MEMORY,
            MANAGEMENT_HOST,
            ROLLOUT,
            DOES_NOT_ASK_FOR_A_SHELL);

    private static final int MARGIN_SECONDS = 10;

    /** The image gives the heap half of the container's memory; see src/main/docker. */
    private static final int HEAP_SHARE = 2;

    /** The image's limit of direct memory; see src/main/docker/train.sh. */
    private static final long DIRECT_BYTES = 96L << 20;

    /** Lower bound of a session's memory, in bytes. */
    private static final long SESSION_BYTES = 64L << 10;

    private WorkloadPolicies() {}

    private static Stream<String> portNames(Manifests manifests) {
        Set<String> known = ports(manifests).keySet();
        Stream<JsonNode> used = Stream.of(
                        Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                                .map(probe -> manifests.container().at("/" + probe + "/httpGet/port")),
                        manifests.the("Service").at("/spec/ports").valueStream().map(port -> port.path("targetPort")),
                        manifests
                                .all("PodMonitor")
                                .flatMap(monitor ->
                                        monitor.at("/spec/podMetricsEndpoints").valueStream())
                                .map(endpoint -> endpoint.path("port")),
                        manifests
                                .the("NetworkPolicy")
                                .at("/spec/ingress")
                                .valueStream()
                                .flatMap(rule -> rule.path("ports").valueStream())
                                .map(port -> port.path("port")))
                .flatMap(ports -> ports);
        Stream<String> unknown = used.map(JsonNode::asText)
                .filter(name -> !known.contains(name))
                .map(name -> "no container port is called '" + name + "'");
        Stream<String> tooLong =
                known.stream().filter(name -> name.length() > 15).map(name -> name + " is too long");
        return Stream.of(unknown, tooLong, serviceReferences(manifests)).flatMap(faults -> faults);
    }

    private static Stream<String> serviceReferences(Manifests manifests) {
        JsonNode service = manifests.the("Service");
        Set<String> ports = service.at("/spec/ports")
                .valueStream()
                .flatMap(port ->
                        Stream.of(port.path("name").asText(), port.path("port").asText()))
                .collect(Collectors.toSet());
        Stream<String> routes = manifests
                .all("HTTPRoute")
                .flatMap(route -> route.at("/spec/rules").valueStream())
                .flatMap(rule -> rule.path("backendRefs").valueStream())
                .map(backend -> backend.path("name").asText() + ":"
                        + backend.path("port").asText());
        Stream<String> ingresses = manifests
                .all("Ingress")
                .flatMap(ingress -> ingress.at("/spec/rules").valueStream())
                .flatMap(rule -> rule.at("/http/paths").valueStream())
                .map(path -> path.at("/backend/service"))
                .map(backend -> backend.path("name").asText() + ":"
                        + backend.path("port")
                                .path("name")
                                .asText(backend.at("/port/number").asText()));
        return Stream.concat(routes, ingresses)
                .filter(target -> ports.stream().noneMatch(port -> target.equals(Manifests.name(service) + ":" + port)))
                .map(target -> "no service answers at " + target);
    }

    private static Map<String, Integer> ports(Manifests manifests) {
        return manifests
                .container()
                .path("ports")
                .valueStream()
                .collect(Collectors.toMap(
                        port -> port.path("name").asText(),
                        port -> port.path("containerPort").asInt()));
    }

    private static Stream<String> probes(Manifests manifests) {
        return Map.of("startupProbe", "started", "livenessProbe", "live", "readinessProbe", "ready").entrySet().stream()
                .flatMap(probe -> differences(
                        Map.of("path", "/q/health/" + probe.getValue(), "port", "management"),
                        Map.of(
                                "path", text(manifests.container(), "/" + probe.getKey() + "/httpGet/path"),
                                "port", text(manifests.container(), "/" + probe.getKey() + "/httpGet/port"))));
    }

    private static Stream<String> restriction(Manifests manifests) {
        JsonNode pod = manifests.podTemplate().at("/spec/securityContext");
        JsonNode container = manifests.container().path("securityContext");
        Stream<String> own = differences(
                Map.of(
                        "runAsNonRoot", "true",
                        "runAsUser", "1001",
                        "seccompProfile", "RuntimeDefault",
                        "allowPrivilegeEscalation", "false",
                        "readOnlyRootFilesystem", "true",
                        "capabilities", "{\"drop\":[\"ALL\"]}"),
                Map.of(
                        "runAsNonRoot", text(pod, "/runAsNonRoot"),
                        "runAsUser", text(pod, "/runAsUser"),
                        "seccompProfile", text(pod, "/seccompProfile/type"),
                        "allowPrivilegeEscalation", text(container, "/allowPrivilegeEscalation"),
                        "readOnlyRootFilesystem", text(container, "/readOnlyRootFilesystem"),
                        "capabilities", container.path("capabilities").toString()));
        Stream<String> host = Stream.of("hostNetwork", "hostPID", "hostIPC")
                .filter(field ->
                        manifests.podTemplate().path("spec").path(field).asBoolean())
                .map(field -> field + " is on");
        Stream<String> ports = manifests
                .container()
                .path("ports")
                .valueStream()
                .filter(port -> port.has("hostPort"))
                .map(port -> "hostPort " + port.path("hostPort"));
        Stream<String> namespace = manifests
                .all("Namespace")
                .filter(object -> !text(object, "/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .equals("restricted"))
                .map(object -> Manifests.title(object) + " does not enforce it");
        return Stream.of(own, host, ports, namespace).flatMap(faults -> faults);
    }

    private static Stream<String> disk(Manifests manifests) {
        Map<String, JsonNode> volumes = manifests
                .podTemplate()
                .at("/spec/volumes")
                .valueStream()
                .collect(Collectors.toMap(volume -> volume.path("name").asText(), volume -> volume));
        // Kubernetes mounts Secrets and ConfigMaps without write access, and bounds their size.
        Stream<String> unbounded = volumes.values().stream()
                .filter(volume -> volume.at("/emptyDir/sizeLimit").isMissingNode()
                        && !volume.has("secret")
                        && !volume.has("configMap"))
                .map(volume -> "volume " + volume.path("name").asText() + " is no emptyDir with a limit");
        Stream<String> mounts = differences(
                Map.of("tmp", "/tmp"),
                manifests
                        .container()
                        .path("volumeMounts")
                        .valueStream()
                        .filter(mount -> !mount.path("readOnly").asBoolean())
                        .collect(Collectors.toMap(
                                mount -> mount.path("name").asText(),
                                mount -> mount.path("mountPath").asText())));
        return Stream.concat(unbounded, mounts);
    }

    private static Stream<String> apiToken(Manifests manifests) {
        return differences(
                Map.of("pod", "false", "links", "false", "account", Manifests.name(manifests.the("ServiceAccount"))),
                Map.of(
                        "pod", text(manifests.podTemplate(), "/spec/automountServiceAccountToken"),
                        "links", text(manifests.podTemplate(), "/spec/enableServiceLinks"),
                        "account", text(manifests.podTemplate(), "/spec/serviceAccountName")));
    }

    private static Stream<String> shutdown(Manifests manifests) {
        long grace = manifests
                .podTemplate()
                .at("/spec/terminationGracePeriodSeconds")
                .asLong(30);
        long preStop =
                manifests.container().at("/lifecycle/preStop/sleep/seconds").asLong(0);
        ShutdownTimes times = ShutdownTimes.of(manifests.settings());
        long needed = preStop + times.total().toSeconds() + MARGIN_SECONDS;
        return Stream.of(
                        preStop < 5 ? "proxies have only " + preStop + " s to notice that the pod goes" : "",
                        grace < needed
                                ? "grace period %d s, but preStop %d s + %s + margin %d s need %d s"
                                        .formatted(grace, preStop, times, MARGIN_SECONDS, needed)
                                : "")
                .filter(fault -> !fault.isEmpty());
    }

    private static Stream<String> resources(Manifests manifests) {
        JsonNode resources = manifests.container().path("resources");
        String limit = text(resources, "/limits/memory");
        long derived = MemoryBound.derived(bytes(limit) / HEAP_SHARE, DIRECT_BYTES);
        long bound = manifests
                .settings()
                .path("LIVEBRIDGE_SESSION_MEMORY_PER_INSTANCE")
                .asLong(derived);
        long seats =
                manifests.settings().path("LIVEBRIDGE_SESSION_MAX_PER_INSTANCE").asLong(1_000);
        return Stream.of(
                        limit.equals(text(resources, "/requests/memory")) ? "" : "memory request and limit differ",
                        resources.at("/requests/cpu").isMissingNode() ? "no CPU request" : "",
                        resources.at("/limits/cpu").isMissingNode() ? "" : "a CPU limit",
                        bound <= derived ? "" : "sessions may keep " + bound + " bytes, but " + derived + " are there",
                        seats * SESSION_BYTES <= bound ? "" : seats + " sessions do not fit into " + bound + " bytes")
                .filter(fault -> !fault.isEmpty());
    }

    private static long bytes(String quantity) {
        if (quantity.endsWith("Gi")) {
            return Long.parseLong(quantity.substring(0, quantity.length() - 2)) << 30;
        }
        if (quantity.endsWith("Mi")) {
            return Long.parseLong(quantity.substring(0, quantity.length() - 2)) << 20;
        }
        throw new AssertionError("write memory in Mi or Gi, not as '" + quantity + "'");
    }

    private static Stream<String> managementHost(Manifests manifests) {
        String host = manifests
                .container()
                .path("env")
                .valueStream()
                .filter(variable -> variable.path("name").asText().equals("QUARKUS_MANAGEMENT_HOST"))
                .map(variable -> variable.path("value").asText())
                .findFirst()
                .orElse("loopback");
        return host.equals("0.0.0.0") ? Stream.empty() : Stream.of("it listens on " + host);
    }

    private static Stream<String> rollout(Manifests manifests) {
        return differences(
                Map.of("type", "RollingUpdate", "maxUnavailable", "0"),
                Map.of(
                        "type", text(manifests.the("Deployment"), "/spec/strategy/type"),
                        "maxUnavailable",
                                text(manifests.the("Deployment"), "/spec/strategy/rollingUpdate/maxUnavailable")));
    }

    private static Stream<String> commands(Manifests manifests) {
        return Stream.of("/command", "/lifecycle/preStop/exec", "/livenessProbe/exec", "/readinessProbe/exec")
                .filter(path -> !manifests.container().at(path).isMissingNode())
                .map(path -> "the container has " + path);
    }

    private static String text(JsonNode node, String pointer) {
        return node.at(pointer).asText("");
    }

    private static <T> Stream<String> differences(Map<String, T> wanted, Map<String, T> found) {
        return wanted.equals(found) ? Stream.empty() : Stream.of("wanted " + wanted + ", found " + found);
    }
}
