/** What a client may ask of the operator's account ({@code docs/policy.md}), and the table of the setup's members. */
@NullMarked
package dev.livebridge.policy;

import org.jspecify.annotations.NullMarked;
