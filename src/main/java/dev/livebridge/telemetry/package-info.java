/** Everything that is measured: all meters in one class, and the health checks. */
@NullMarked
package dev.livebridge.telemetry;

import org.jspecify.annotations.NullMarked;
