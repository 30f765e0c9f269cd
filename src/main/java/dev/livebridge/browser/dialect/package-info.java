/** The wire formats clients may speak. Each turns frames into {@code ClientMessage}s and back. */
@NullMarked
package dev.livebridge.browser.dialect;

import org.jspecify.annotations.NullMarked;
