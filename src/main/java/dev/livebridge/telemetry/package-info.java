/**
 * What is measured: {@link dev.livebridge.telemetry.Metric} is the whole vocabulary, the other classes record it.
 * {@link dev.livebridge.telemetry.ConversationTrace} is what traces say.
 */
@NullMarked
package dev.livebridge.telemetry;

import org.jspecify.annotations.NullMarked;
