/** Hostile clients and tests against them. The clients write raw bytes, so that no library rejects their frames. */
@NullMarked
package dev.livebridge.hostile;

import org.jspecify.annotations.NullMarked;
