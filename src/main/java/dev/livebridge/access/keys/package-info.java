/** API keys of this service: their form, the file with their hashes, and the command that writes the file. */
@NullMarked
package dev.livebridge.access.keys;

import org.jspecify.annotations.NullMarked;
