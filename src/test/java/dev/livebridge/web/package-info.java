/** The page, from its markup to a conversation in a real browser. */
@NullMarked
package dev.livebridge.web;

import org.jspecify.annotations.NullMarked;
