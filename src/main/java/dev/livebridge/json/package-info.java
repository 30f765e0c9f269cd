/**
 * JSON as the hot paths need it: a cursor that slices large strings out of frames of a known shape, a strict reader for
 * all other frames, and a writer.
 */
@NullMarked
package dev.livebridge.json;

import org.jspecify.annotations.NullMarked;
