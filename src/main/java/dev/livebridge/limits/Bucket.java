package dev.livebridge.limits;

import dev.livebridge.access.rules.Limits;

/**
 * Conversations that are counted together, and what they may use.
 *
 * @param scope whose they are
 * @param key names them in the store; holds no subject in clear
 * @param limits what they may use
 */
record Bucket(LimitScope scope, String key, Limits limits) {}
