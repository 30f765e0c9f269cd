/** What is measured: {@link dev.livebridge.telemetry.Metric} is the whole vocabulary, the other classes record it. */
@NullMarked
package dev.livebridge.telemetry;

import org.jspecify.annotations.NullMarked;
