/** A real identity provider on loopback, and what callers do with it: log in, talk, log out, bring tokens. */
@NullMarked
package dev.livebridge.idp;

import org.jspecify.annotations.NullMarked;
