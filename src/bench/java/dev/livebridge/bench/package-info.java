/** Benchmarks: how fast the dialects are, and what the gateway adds to a relayed message. Not part of the tests. */
@NullMarked
package dev.livebridge.bench;

import org.jspecify.annotations.NullMarked;
