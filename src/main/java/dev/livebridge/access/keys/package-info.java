/** API keys of this service: how they look, the file that holds their hashes, and the command that writes it. */
@NullMarked
package dev.livebridge.access.keys;

import org.jspecify.annotations.NullMarked;
