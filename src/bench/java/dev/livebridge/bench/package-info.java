/** Benchmarks; {@code ./mvnw -Pbench test} runs them. */
@NullMarked
package dev.livebridge.bench;

import org.jspecify.annotations.NullMarked;
