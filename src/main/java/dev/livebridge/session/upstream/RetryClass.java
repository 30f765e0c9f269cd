package dev.livebridge.session.upstream;

/** What a new connection attempt could achieve after an upstream ending (gemini-live-api.md section 11). */
public enum RetryClass {
    /** Nothing: the request, the key or the account must change first. */
    NEVER,
    /** Soon again, with backoff; a resumption handle stays good. */
    RESUME,
    /** Once, with the resumption handle and without the sound that waits; the second time is the end. */
    ONCE,
    /** Again, but without the resumption handle. */
    FRESH,
    /** Only after a long wait: a quota or rate limit. */
    LATER
}
