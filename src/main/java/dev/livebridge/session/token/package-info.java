/** Resume tokens of a session: when one is issued, what it contains, and which are retired. */
@NullMarked
package dev.livebridge.session.token;

import org.jspecify.annotations.NullMarked;
