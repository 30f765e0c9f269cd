/** The packaged service behind real proxies: rolling restarts, idle timeouts, reloads. */
@NullMarked
package dev.livebridge.proxies;

import org.jspecify.annotations.NullMarked;
