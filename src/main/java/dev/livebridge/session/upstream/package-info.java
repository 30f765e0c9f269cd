/**
 * One connection to the model: the port {@code Upstream}, and the pure decisions about it: when to rotate, when it has
 * failed, how to recover.
 */
@NullMarked
package dev.livebridge.session.upstream;

import org.jspecify.annotations.NullMarked;
