/** Who a caller is, and why a caller is refused. Knows neither HTTP nor the identity provider. */
@NullMarked
package dev.livebridge.access;

import org.jspecify.annotations.NullMarked;
