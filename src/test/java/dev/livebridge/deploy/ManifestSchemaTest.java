package dev.livebridge.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rendered object is valid by its kind's schema, without unknown members. */
class ManifestSchemaTest {

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, Schema> LOADED = new ConcurrentHashMap<>();

    @TestFactory
    Stream<DynamicTest> everyObjectKeepsToItsSchema() {
        return Combinations.all().stream()
                .map(folder -> dynamicTest(folder.toString(), () -> {
                    Manifests manifests = Combinations.rendered(folder);

                    assertFalse(manifests.objects().isEmpty());
                    manifests
                            .objects()
                            .forEach(object -> assertEquals(
                                    List.of(), faults(object), () -> folder + " " + Manifests.title(object)));
                }));
    }

    @Test
    void anUnknownFieldIsFound() {
        Manifests manifests = Combinations.rendered(Combinations.PROD).copy();

        manifests.set("Deployment", "/spec/template/spec/terminationGracePeriod", IntNode.valueOf(90));

        assertNotEquals(List.of(), faults(manifests.the("Deployment")));
    }

    @Test
    void aWrongTypeIsFound() {
        Manifests manifests = Combinations.rendered(Combinations.PROD).copy();

        manifests.set("Service", "/spec/ports/0/port", TextNode.valueOf("eighty"));

        assertNotEquals(List.of(), faults(manifests.the("Service")));
    }

    @Test
    void aGatewayDurationThatIsNoneIsFound() {
        Manifests manifests = Combinations.rendered(Combinations.PROD).copy();

        manifests.set("HTTPRoute", "/spec/rules/0/timeouts/request", TextNode.valueOf("1 hour"));

        assertNotEquals(List.of(), faults(manifests.the("HTTPRoute")));
    }

    @Test
    void aMissingFieldIsFound() {
        Manifests manifests = Combinations.rendered(Combinations.KEDA).copy();

        manifests.remove("ScaledObject", "/spec/scaleTargetRef");

        assertNotEquals(List.of(), faults(manifests.the("ScaledObject")));
    }

    private static List<String> faults(ObjectNode object) {
        return schema(object.path("apiVersion").asText("").replace('/', '_') + "/" + Manifests.kind(object))
                .validate(object.toString(), InputFormat.JSON)
                .stream()
                .map(Error::toString)
                .toList();
    }

    private static Schema schema(String name) {
        return LOADED.computeIfAbsent(name, ManifestSchemaTest::load);
    }

    private static Schema load(String name) {
        try (InputStream in = ManifestSchemaTest.class.getResourceAsStream("/kubernetes-schemas/" + name + ".json")) {
            if (in == null) {
                throw new AssertionError("no schema for " + name + ": add it to src/test/resources/kubernetes-schemas");
            }
            return SCHEMAS.getSchema(in, InputFormat.JSON);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
