/** Tests of dashboards, alerts and runbooks against the code and each other. */
@NullMarked
package dev.livebridge.observability;

import org.jspecify.annotations.NullMarked;
