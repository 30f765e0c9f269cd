/** A real identity provider on loopback for tests of login and tokens, and the recipes of {@code docs/access.md}. */
@NullMarked
package dev.livebridge.idp;

import org.jspecify.annotations.NullMarked;
