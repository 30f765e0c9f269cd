/**
 * Determines the caller of a request: reads and verifies its credential. Contains tickets and the checks of the
 * settings {@code livebridge.access.*} at the start.
 */
@NullMarked
package dev.livebridge.access.request;

import org.jspecify.annotations.NullMarked;
