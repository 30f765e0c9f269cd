package dev.livebridge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.config.ConfiguredProperties;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Policies for the objects around the pods: selectors and allowed content. */
final class ObjectPolicies {

    static final Policy SELECTORS =
            new Policy("every selector matches the pods and has no label that changes", ObjectPolicies::selectors);
    static final Policy SETTINGS = new Policy("every setting is one that the service knows", ObjectPolicies::settings);
    static final Policy SECRETS = new Policy("no manifest holds a secret", ObjectPolicies::secrets);
    static final Policy SECRET_REFERENCES =
            new Policy("the keys are files of the Secret, for the process alone", ObjectPolicies::secretReferences);
    static final Policy NAMESPACE = new Policy("all objects are in one namespace", ObjectPolicies::namespaces);
    static final Policy BACKEND = new Policy("it is said who answers", ObjectPolicies::backend);
    static final Policy ACCESS = new Policy("who talks with Gemini shows a credential", ObjectPolicies::access);
    static final Policy ORIGINS = new Policy("pages may connect from where they are served", ObjectPolicies::origins);
    static final Policy HOSTS =
            new Policy("the service answers to the names of its routes and to no others", ObjectPolicies::hosts);
    static final Policy DISRUPTIONS =
            new Policy("nodes can be drained, one pod at a time", ObjectPolicies::disruptions);
    static final Policy NAMES = new Policy("what is referred to by name is there", ObjectPolicies::names);

    static final List<Policy> ALL = List.of(
            SELECTORS,
            SETTINGS,
            SECRETS,
            SECRET_REFERENCES,
            NAMESPACE,
            BACKEND,
            ACCESS,
            ORIGINS,
            HOSTS,
            DISRUPTIONS,
            NAMES);

    private static final Map<String, List<String>> SELECTOR_PATHS = Map.of(
            "Deployment", List.of("/spec/selector/matchLabels"),
            "Service", List.of("/spec/selector"),
            "PodDisruptionBudget", List.of("/spec/selector/matchLabels"),
            "NetworkPolicy", List.of("/spec/podSelector/matchLabels"),
            "PodMonitor", List.of("/spec/selector/matchLabels"));

    private static final Set<String> STABLE = Set.of("app.kubernetes.io/name", "app.kubernetes.io/instance");

    private ObjectPolicies() {}

    private static Stream<String> selectors(Manifests manifests) {
        Map<String, String> pod = labels(manifests.podTemplate().at("/metadata/labels"));
        Stream<Map.Entry<String, JsonNode>> ofObjects = manifests.objects().stream()
                .flatMap(object -> SELECTOR_PATHS.getOrDefault(Manifests.kind(object), List.of()).stream()
                        .map(path -> Map.entry(Manifests.title(object), object.at(path))));
        Stream<Map.Entry<String, JsonNode>> ofSpreading = manifests
                .podTemplate()
                .at("/spec/topologySpreadConstraints")
                .valueStream()
                .map(spread -> Map.entry("topologySpreadConstraints", spread.at("/labelSelector/matchLabels")));
        return Stream.concat(ofObjects, ofSpreading)
                .filter(selector -> {
                    Map<String, String> wanted = labels(selector.getValue());
                    return wanted.isEmpty()
                            || !pod.entrySet().containsAll(wanted.entrySet())
                            || !STABLE.containsAll(wanted.keySet());
                })
                .map(selector -> selector.getKey() + " selects " + selector.getValue() + ", pods have " + pod);
    }

    private static Stream<String> settings(Manifests manifests) {
        Set<String> known = ConfiguredProperties.all().stream()
                .map(ConfiguredProperties.Property::variable)
                .collect(Collectors.toCollection(HashSet::new));
        // Only named by the value of another variable.
        known.add("POD_IP");
        // Of Quarkus, not ours.
        known.add("QUARKUS_MANAGEMENT_HOST");
        known.add("QUARKUS_REDIS_HOSTS");
        Stream<String> environment = manifests
                .container()
                .path("env")
                .valueStream()
                .map(variable -> variable.path("name").asText());
        return Stream.concat(environment, manifests.settings().propertyStream().map(Map.Entry::getKey))
                .filter(variable -> !known.contains(variable))
                .map(variable -> variable + " sets nothing");
    }

    private static Stream<String> secrets(Manifests manifests) {
        Stream<String> objects = manifests.all("Secret").map(Manifests::title);
        Stream<String> values = manifests
                .container()
                .path("env")
                .valueStream()
                .filter(variable -> isSecret(variable.path("name").asText()) && variable.has("value"))
                .map(variable -> variable.path("name").asText() + " has a value in the Deployment");
        Stream<String> settings = manifests
                .all("ConfigMap")
                .flatMap(map -> map.path("data").propertyStream())
                .map(Map.Entry::getKey)
                .filter(ObjectPolicies::isSecret)
                .map(key -> key + " is in a ConfigMap");
        return Stream.of(objects, values, settings).flatMap(faults -> faults);
    }

    private static boolean isSecret(String variable) {
        return variable.matches(".*(KEY|KEYS|SECRET|TOKEN|PASSWORD|CREDENTIALS)$");
    }

    private static Stream<String> secretReferences(Manifests manifests) {
        boolean simulated = manifests
                .settings()
                .path("LIVEBRIDGE_UPSTREAM_BACKEND")
                .asText()
                .equals("simulator");
        JsonNode volume = named(manifests.podTemplate().at("/spec/volumes"), "secrets");
        JsonNode mount = named(manifests.container().path("volumeMounts"), "secrets");
        String directory = mount.path("mountPath").asText("nowhere");
        Map<String, String> wanted = Map.of(
                "LIVEBRIDGE_GEMINI_API_KEY_FILE", simulated ? "" : directory + "/gemini-api-key",
                "LIVEBRIDGE_RESUMPTION_KEYS_FILE", simulated ? "" : directory + "/resumption-keys",
                "LIVEBRIDGE_ACCESS_KEYS_FILE", simulated ? "" : directory + "/access-keys");
        Map<String, String> found = new HashMap<>();
        wanted.keySet()
                .forEach(setting ->
                        found.put(setting, manifests.settings().path(setting).asText("not set")));
        Stream<String> files =
                wanted.equals(found) ? Stream.empty() : Stream.of("wanted " + wanted + ", found " + found);
        Stream<String> mounted = Stream.of(
                        volume.at("/secret/secretName").asText().equals("livebridge") ? "" : "no Secret is mounted",
                        volume.at("/secret/optional").asBoolean() == simulated
                                ? ""
                                : (simulated ? "the Secret is needed" : "the Secret is optional"),
                        (volume.at("/secret/defaultMode").asInt(0644) & 0007) == 0
                                ? ""
                                : "every user can read the Secret's files",
                        manifests
                                        .podTemplate()
                                        .at("/spec/securityContext/fsGroup")
                                        .equals(manifests.podTemplate().at("/spec/securityContext/runAsGroup"))
                                ? ""
                                : "the process can't read the Secret's files",
                        mount.path("readOnly").asBoolean() ? "" : "the Secret's files are writable",
                        mount.has("subPath") ? "a changed Secret does not arrive" : "")
                .filter(fault -> !fault.isEmpty());
        Stream<String> environment = manifests
                .container()
                .path("env")
                .valueStream()
                .filter(variable -> variable.at("/valueFrom").has("secretKeyRef"))
                .map(variable -> variable.path("name").asText() + " is in the environment of the process");
        Stream<String> external = manifests
                .all("ExternalSecret")
                .map(secret -> secret.at("/spec/target/name").asText() + ": "
                        + secret.at("/spec/data")
                                .valueStream()
                                .map(item -> item.path("secretKey").asText())
                                .sorted()
                                .toList())
                .filter(keys -> !keys.equals("livebridge: [access-keys, gemini-api-key, resumption-keys]"))
                .map(keys -> "the ExternalSecret makes " + keys);
        return Stream.of(files, mounted, environment, external).flatMap(faults -> faults);
    }

    private static JsonNode named(JsonNode list, String name) {
        return list.valueStream()
                .filter(item -> item.path("name").asText().equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static Stream<String> namespaces(Manifests manifests) {
        Set<String> found = manifests.objects().stream()
                .map(object -> Manifests.kind(object).equals("Namespace")
                        ? Manifests.name(object)
                        : object.at("/metadata/namespace").asText("none"))
                .collect(Collectors.toSet());
        return found.size() == 1 && !found.contains("none") ? Stream.empty() : Stream.of("namespaces " + found);
    }

    private static Stream<String> backend(Manifests manifests) {
        String backend =
                manifests.settings().path("LIVEBRIDGE_UPSTREAM_BACKEND").asText("nobody");
        return Set.of("gemini", "simulator").contains(backend)
                ? Stream.empty()
                : Stream.of("LIVEBRIDGE_UPSTREAM_BACKEND is " + backend);
    }

    /** The simulator costs nothing; nobody talks with Gemini without a credential. */
    private static Stream<String> access(Manifests manifests) {
        String backend =
                manifests.settings().path("LIVEBRIDGE_UPSTREAM_BACKEND").asText("nobody");
        String mode = manifests.settings().path("LIVEBRIDGE_ACCESS_MODE").asText("not set");
        String wanted = backend.equals("simulator") ? "open" : "required";
        return mode.equals(wanted)
                ? Stream.empty()
                : Stream.of("LIVEBRIDGE_ACCESS_MODE is " + mode + ", wanted " + wanted);
    }

    /** Only overlays set host names; a test's folder has the components unchanged. */
    private static Stream<String> origins(Manifests manifests) {
        if (manifests.find("Namespace").isEmpty()) {
            return Stream.empty();
        }
        Set<String> allowed = Set.of(manifests
                .settings()
                .path("LIVEBRIDGE_BROWSER_ALLOWED_ORIGINS")
                .asText("")
                .split(","));
        return routedHosts(manifests)
                .map(host -> "https://" + host)
                .filter(origin -> !allowed.contains(origin))
                .map(origin -> "a page of " + origin + " could not connect");
    }

    private static Stream<String> routedHosts(Manifests manifests) {
        return Stream.concat(
                        manifests
                                .all("HTTPRoute")
                                .flatMap(route -> route.at("/spec/hostnames").valueStream()),
                        manifests
                                .all("Ingress")
                                .flatMap(ingress -> ingress.at("/spec/rules").valueStream())
                                .map(rule -> rule.path("host")))
                .map(JsonNode::asText);
    }

    /** Without the setting a pod behind a route answers 421 for its own host name. */
    private static Stream<String> hosts(Manifests manifests) {
        if (manifests.find("Namespace").isEmpty()) {
            return Stream.empty();
        }
        String setting = manifests.settings().path("LIVEBRIDGE_BROWSER_HOSTS").asText("");
        Set<String> own = setting.isEmpty() ? Set.of() : Set.of(setting.split(","));
        Set<String> routed = routedHosts(manifests).collect(Collectors.toSet());
        return own.equals(routed) ? Stream.empty() : Stream.of("routes name " + routed + ", the service " + own);
    }

    private static Stream<String> disruptions(Manifests manifests) {
        ObjectNode budget = manifests.the("PodDisruptionBudget");
        return Stream.of(
                        budget.at("/spec/maxUnavailable").asInt(0) == 1 ? "" : "maxUnavailable is not 1",
                        budget.at("/spec").has("minAvailable") ? "minAvailable can block a node for ever" : "",
                        budget.at("/spec/unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow")
                                ? ""
                                : "a broken pod can block a node")
                .filter(fault -> !fault.isEmpty());
    }

    private static Stream<String> names(Manifests manifests) {
        Set<String> titles = manifests.objects().stream().map(Manifests::title).collect(Collectors.toSet());
        Stream<String> maps = manifests
                .container()
                .path("envFrom")
                .valueStream()
                .map(source -> "ConfigMap/" + source.at("/configMapRef/name").asText());
        Stream<String> account = Stream.of("ServiceAccount/"
                + manifests.podTemplate().at("/spec/serviceAccountName").asText());
        Stream<String> scaled = Stream.concat(manifests.all("HorizontalPodAutoscaler"), manifests.all("ScaledObject"))
                .map(object ->
                        "Deployment/" + object.at("/spec/scaleTargetRef/name").asText());
        return Stream.of(maps, account, scaled)
                .flatMap(references -> references)
                .filter(reference -> !titles.contains(reference))
                .map(reference -> "there is no " + reference);
    }

    private static Map<String, String> labels(JsonNode node) {
        return node.propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, label -> label.getValue().asText()));
    }
}
