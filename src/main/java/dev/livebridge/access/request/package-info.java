/**
 * Who a request comes from: reads the credential that it carries, has it verified, and decides. Here too are tickets,
 * and the checks of the settings at the start.
 */
@NullMarked
package dev.livebridge.access.request;

import org.jspecify.annotations.NullMarked;
