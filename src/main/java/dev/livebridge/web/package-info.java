/** The page, its public configuration and the security headers. */
@NullMarked
package dev.livebridge.web;

import org.jspecify.annotations.NullMarked;
