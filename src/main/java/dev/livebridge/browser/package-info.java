/** The browser edge: WebSocket endpoints and the checks before an upgrade. */
@NullMarked
package dev.livebridge.browser;

import org.jspecify.annotations.NullMarked;
