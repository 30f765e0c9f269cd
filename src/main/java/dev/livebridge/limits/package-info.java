/**
 * What callers use of conversations, time, tokens and money, counted on this instance or in Redis, and the limits that
 * hold for it.
 */
@NullMarked
package dev.livebridge.limits;

import org.jspecify.annotations.NullMarked;
