/** Clients that mean harm, and tests that show what becomes of them. They write bytes, so that nothing stops them. */
@NullMarked
package dev.livebridge.hostile;

import org.jspecify.annotations.NullMarked;
