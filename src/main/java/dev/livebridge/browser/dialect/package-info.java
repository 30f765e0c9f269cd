/**
 * The wire formats of clients. Each dialect decodes frames to {@code ClientMessage}s and encodes downstream messages.
 */
@NullMarked
package dev.livebridge.browser.dialect;

import org.jspecify.annotations.NullMarked;
