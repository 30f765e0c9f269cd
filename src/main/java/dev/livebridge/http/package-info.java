/**
 * Checks of every request on the client port: host, target and headers. Also checks the settings that would disable
 * them.
 */
@NullMarked
package dev.livebridge.http;

import org.jspecify.annotations.NullMarked;
