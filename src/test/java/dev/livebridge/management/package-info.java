/** Tests of the management port, as bytes on a socket. */
@NullMarked
package dev.livebridge.management;

import org.jspecify.annotations.NullMarked;
