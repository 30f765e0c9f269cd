/** Turn tracking, pause detection, and the time stamps of a turn. */
@NullMarked
package dev.livebridge.session.turn;

import org.jspecify.annotations.NullMarked;
