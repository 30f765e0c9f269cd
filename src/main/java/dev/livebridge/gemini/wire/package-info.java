/** Gemini Live's JSON: what we send up and how we read what comes down. */
@NullMarked
package dev.livebridge.gemini.wire;

import org.jspecify.annotations.NullMarked;
