/** The operator's policy for setups of clients ({@code docs/policy.md}), and the table of the setup's members. */
@NullMarked
package dev.livebridge.policy;

import org.jspecify.annotations.NullMarked;
