/**
 * Callers, the reasons for which callers are refused, and redeemed tickets; independent of HTTP and of the identity
 * provider.
 */
@NullMarked
package dev.livebridge.access;

import org.jspecify.annotations.NullMarked;
