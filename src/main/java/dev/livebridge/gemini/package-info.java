/** The upstream edge: connections to Gemini, its wire format, its models, credentials and close codes. */
@NullMarked
package dev.livebridge.gemini;

import org.jspecify.annotations.NullMarked;
