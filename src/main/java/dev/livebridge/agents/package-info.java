/**
 * Agents: named setups of the operator, with an instruction that no client sees. The operator's {@code agents.yaml} is
 * read, checked and reloaded here; a conversation gets one agent at its start.
 */
@NullMarked
package dev.livebridge.agents;

import org.jspecify.annotations.NullMarked;
