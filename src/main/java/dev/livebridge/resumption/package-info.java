/** The sealed token by which any instance can go on with a conversation: its content, its keys, its sealing. */
@NullMarked
package dev.livebridge.resumption;

import org.jspecify.annotations.NullMarked;
