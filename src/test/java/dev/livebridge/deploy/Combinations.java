package dev.livebridge.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All combinations of the manifests: the overlays, and one test folder per set of components. */
final class Combinations {

    static final Path DEV = Path.of("deploy/overlays/dev");
    static final Path PROD = Path.of("deploy/overlays/prod");
    static final Path HPA = Path.of("deploy/tests/gateway-api-monitoring-hpa");
    static final Path KEDA = Path.of("deploy/tests/ingress-monitoring-keda-external-secret");

    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Combinations() {}

    static List<Path> all() {
        return Stream.of("deploy/overlays", "deploy/tests")
                .flatMap(folder -> folders(Path.of(folder)))
                .toList();
    }

    static Stream<Path> folders(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Manifests rendered(Path kustomization) {
        return RENDERED.computeIfAbsent(kustomization, Manifests::render);
    }
}
