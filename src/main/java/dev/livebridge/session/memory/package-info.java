/**
 * What the next connection to the model must know of a conversation: setup, handle, the last turns as text, open
 * function calls.
 */
@NullMarked
package dev.livebridge.session.memory;

import org.jspecify.annotations.NullMarked;
