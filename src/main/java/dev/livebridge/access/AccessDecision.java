package dev.livebridge.access;

/** The answer to the question who a request comes from. */
public sealed interface AccessDecision {

    /**
     * The caller is known.
     *
     * @param caller who it is
     */
    record Admitted(Caller caller) implements AccessDecision {}

    /**
     * The request is refused.
     *
     * @param refusal why
     */
    record Refused(AccessRefusal refusal) implements AccessDecision {}
}
