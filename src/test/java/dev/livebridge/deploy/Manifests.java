package dev.livebridge.deploy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The rendered objects of one kustomization. */
record Manifests(List<ObjectNode> objects) {

    private static final YAMLMapper YAML = new YAMLMapper();

    static Manifests render(Path kustomization) {
        return parse(Kustomize.render(kustomization));
    }

    static Manifests parse(String yaml) {
        List<ObjectNode> objects = new ArrayList<>();
        try (MappingIterator<ObjectNode> documents =
                YAML.readerFor(ObjectNode.class).readValues(yaml)) {
            documents.forEachRemaining(objects::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Manifests(List.copyOf(objects));
    }

    /** A copy that a test may modify. */
    Manifests copy() {
        return new Manifests(objects.stream().map(ObjectNode::deepCopy).toList());
    }

    Stream<ObjectNode> all(String kind) {
        return objects.stream().filter(object -> kind(object).equals(kind));
    }

    Optional<ObjectNode> find(String kind) {
        return all(kind).findFirst();
    }

    /** The only object of a kind that every installation has. */
    ObjectNode the(String kind) {
        List<ObjectNode> found = all(kind).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind + ", found " + found.size());
        }
        return found.getFirst();
    }

    JsonNode podTemplate() {
        return the("Deployment").at("/spec/template");
    }

    JsonNode container() {
        return podTemplate().at("/spec/containers/0");
    }

    /** The settings of the ConfigMap that the container reads its environment from. */
    ObjectNode settings() {
        String name = container().at("/envFrom/0/configMapRef/name").asText("");
        return all("ConfigMap")
                .filter(map -> name(map).equals(name))
                .findFirst()
                .map(map -> map.withObject("/data"))
                .orElseThrow(() -> new AssertionError("no ConfigMap is called '" + name + "'"));
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText("");
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText("");
    }

    static String title(JsonNode object) {
        return kind(object) + "/" + name(object);
    }

    /** Replaces or adds what a JSON pointer points to. Its parent must be there. */
    void set(String kind, String pointer, JsonNode replacement) {
        JsonPointer path = JsonPointer.compile(pointer);
        JsonNode parent = the(kind).at(path.head());
        switch (parent) {
            case ObjectNode object -> object.set(path.last().getMatchingProperty(), replacement);
            case ArrayNode array
            when path.last().getMatchingIndex() < array.size() ->
                array.set(path.last().getMatchingIndex(), replacement);
            case ArrayNode array -> array.add(replacement);
            default -> throw new AssertionError(kind + " has no " + path.head());
        }
    }

    /** Removes what a JSON pointer points to, which must be there. */
    void remove(String kind, String pointer) {
        JsonPointer path = JsonPointer.compile(pointer);
        if (the(kind).at(path).isMissingNode()) {
            throw new AssertionError(kind + " has no " + pointer);
        }
        switch (the(kind).at(path.head())) {
            case ObjectNode object -> object.remove(path.last().getMatchingProperty());
            case ArrayNode array -> array.remove(path.last().getMatchingIndex());
            default -> throw new AssertionError(kind + " has no " + path.head());
        }
    }
}
