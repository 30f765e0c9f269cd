package dev.livebridge.deploy;

import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A rule for rendered manifests that neither a schema nor the API server knows.
 *
 * @param rule what must hold
 * @param violations where it does not, in words; none is good
 */
record Policy(String rule, Function<Manifests, Stream<String>> violations) {

    @Override
    public String toString() {
        return rule;
    }
}
