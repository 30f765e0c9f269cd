package dev.livebridge.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How callers show who they are, and the rules for them; see {@code docs/limits.md}. */
public interface AccessConfig {

    /**
     * {@code required}: each caller needs a credential. {@code open}: credentials are ignored; only addresses and
     * origins are checked. Not set: {@code open} in dev and test; in prod the start is refused.
     */
    Optional<AccessMode> mode();

    /**
     * Whether users of pages with an allowed {@code Origin} need no credential. The client's address identifies such a
     * caller.
     */
    @WithDefault("false")
    boolean anonymous();

    /**
     * File with the API keys of callers; the command {@code keys} writes it. It contains hashes only. The service reads
     * a changed file again.
     */
    Optional<Path> keysFile();

    /**
     * Whether JWTs are accepted; {@code quarkus-oidc} verifies them. Needs {@code quarkus.oidc.token.audience}, and
     * {@code quarkus.oidc.auth-server-url} or {@code quarkus.oidc.public-key}.
     */
    @WithDefault("false")
    boolean oidc();

    /** Role of callers that may request tickets for their users, and ephemeral tokens. */
    @WithDefault("mint")
    String ticketRole();

    /** Lifetime of a ticket. */
    @WithDefault("30s")
    Duration ticketLifetime();

    /** Time between the warning in the conversation and the expiry of its credential. */
    @WithDefault("60s")
    Duration expiryWarning();

    /**
     * Time between the expiry of a credential and the end of its conversation; a new credential is accepted until then.
     */
    @WithDefault("25s")
    Duration expiryGrace();

    /**
     * File with the secret salt of the hashes of subjects in logs and labels: 32 characters or more. Not set: a random
     * salt, so the hashes differ between instances and starts.
     */
    Optional<Path> subjectSaltFile();

    /** Whether setups get the label {@code safety_identifier}, the hash of the caller's subject, for Gemini. */
    @WithDefault("false")
    boolean safetyIdentifier();

    /**
     * YAML file with the rules: what each caller may do and use. The service reads a changed file again; it applies to
     * new conversations. Not set: the default of {@code docs/limits.md}.
     */
    Optional<Path> rulesFile();

    /** Whether callers need a credential. */
    enum AccessMode {
        OPEN,
        REQUIRED
    }
}
