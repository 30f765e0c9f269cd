/** A strict reader that finds large strings in JSON without copying or decoding them. */
@NullMarked
package dev.livebridge.json;

import org.jspecify.annotations.NullMarked;
