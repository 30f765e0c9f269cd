/**
 * The memory that sessions make the process keep: one account per session and one for the process, with their bounds in
 * bytes.
 */
@NullMarked
package dev.livebridge.session.account;

import org.jspecify.annotations.NullMarked;
