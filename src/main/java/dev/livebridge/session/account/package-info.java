/** Accounts of the memory that sessions hold: one per session and one for the process, with bounds in bytes. */
@NullMarked
package dev.livebridge.session.account;

import org.jspecify.annotations.NullMarked;
