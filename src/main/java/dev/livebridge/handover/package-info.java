/**
 * Handover of sessions between instances, over the management port. Only instances and operators can reach that port.
 */
@NullMarked
package dev.livebridge.handover;

import org.jspecify.annotations.NullMarked;
