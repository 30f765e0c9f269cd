/** Whose turn it is and how long it took: turn tracking, pause detection, and the time stamps of a turn. */
@NullMarked
package dev.livebridge.session.turn;

import org.jspecify.annotations.NullMarked;
