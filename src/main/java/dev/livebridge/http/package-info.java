/**
 * What holds for every request on the port for clients: the host it names, its target and its headers, and the settings
 * that would make these checks worthless.
 */
@NullMarked
package dev.livebridge.http;

import org.jspecify.annotations.NullMarked;
