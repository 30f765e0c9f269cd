/** All configuration, prefix {@code livebridge}: names, units, defaults. */
@NullMarked
package dev.livebridge.config;

import org.jspecify.annotations.NullMarked;
