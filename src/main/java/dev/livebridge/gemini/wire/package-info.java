/** Gemini Live's JSON: encodes client messages, decodes server messages. */
@NullMarked
package dev.livebridge.gemini.wire;

import org.jspecify.annotations.NullMarked;
