/** Resume tokens, with which any instance can resume a session: content, keys, sealing. */
@NullMarked
package dev.livebridge.resumption;

import org.jspecify.annotations.NullMarked;
