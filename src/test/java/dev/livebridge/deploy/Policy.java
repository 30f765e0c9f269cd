package dev.livebridge.deploy;

import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A rule for rendered manifests beyond schemas and the API server's checks.
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
