package dev.livebridge.config;

import io.smallrye.config.WithDefault;

/** Ephemeral tokens; see {@code docs/access.md}. */
public interface TokensConfig {

    /**
     * Treatment of a token with limited uses that another instance, or this one before a restart, has issued, while the
     * instances do not count together ({@code livebridge.limits.store=local}): {@code refuse} it, or {@code allow} its
     * number of uses on each instance.
     */
    @WithDefault("refuse")
    UnknownTokens onUnknown();

    /** Treatment of an ephemeral token whose uses this instance does not know. */
    enum UnknownTokens {
        REFUSE,
        ALLOW
    }
}
