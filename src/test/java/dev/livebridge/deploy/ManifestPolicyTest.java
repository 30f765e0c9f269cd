package dev.livebridge.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every combination complies with every policy, and every policy finds its mistakes. */
class ManifestPolicyTest {

    private static final List<Policy> POLICIES = Stream.of(
                    WorkloadPolicies.ALL, ObjectPolicies.ALL, TrafficPolicies.ALL)
            .flatMap(List::stream)
            .toList();

    /** The mistakes by policy; the file describes their format. */
    private static final Map<String, List<Mistake>> MISTAKES = Mistake.load();

    @TestFactory
    Stream<DynamicNode> everyCombinationKeepsEveryPolicy() {
        return Combinations.all().stream()
                .map(folder -> dynamicContainer(
                        folder.toString(),
                        POLICIES.stream()
                                .map(policy -> dynamicTest(
                                        policy.rule(),
                                        () -> assertEquals(
                                                List.of(), violations(policy, Combinations.rendered(folder)))))));
    }

    @TestFactory
    Stream<DynamicNode> everyMistakeIsNoticed() {
        return POLICIES.stream()
                .map(policy -> dynamicContainer(
                        policy.rule(),
                        MISTAKES.getOrDefault(policy.rule(), List.of()).stream()
                                .map(mistake -> dynamicTest(mistake.toString(), () -> {
                                    Manifests manifests = Combinations.rendered(mistake.where());
                                    Manifests damaged = manifests.copy();

                                    mistake.make(damaged);

                                    assertEquals(List.of(), violations(policy, manifests));
                                    assertNotEquals(List.of(), violations(policy, damaged));
                                }))));
    }

    @Test
    void everyPolicyIsSeenToNotice() {
        assertEquals(POLICIES.stream().map(Policy::rule).collect(Collectors.toSet()), MISTAKES.keySet());
    }

    @Test
    void anOverlayForProductionRunsOneKnownImage() {
        String image = Combinations.rendered(Combinations.PROD)
                .container()
                .path("image")
                .asText();

        assertEquals("", image.replaceFirst(".+@sha256:[0-9a-f]{64}", ""));
    }

    @Test
    void everyComponentIsCombinedAndSaysWhatItNeeds() {
        Stream<Path> components = Combinations.folders(Path.of("deploy/components"));

        components.forEach(component -> {
            assertTrue(Files.exists(component.resolve("README.md")), () -> component + " has no README.md");
            assertTrue(
                    Combinations.folders(Path.of("deploy/tests")).anyMatch(folder -> uses(folder, component)),
                    () -> "no folder of deploy/tests uses " + component);
        });
    }

    private static List<String> violations(Policy policy, Manifests manifests) {
        return policy.violations().apply(manifests).toList();
    }

    private static boolean uses(Path folder, Path component) {
        try {
            return Files.readString(folder.resolve("kustomization.yaml"))
                    .contains("- ../../components/" + component.getFileName() + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
