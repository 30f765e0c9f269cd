/** What watches the service from outside: dashboards, alerts and their runbooks, held to the code and to each other. */
@NullMarked
package dev.livebridge.observability;

import org.jspecify.annotations.NullMarked;
