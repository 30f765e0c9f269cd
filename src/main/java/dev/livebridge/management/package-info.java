/** The management port: its access checks, the list of sessions, and the drain. */
@NullMarked
package dev.livebridge.management;

import org.jspecify.annotations.NullMarked;
