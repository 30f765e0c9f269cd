package dev.livebridge.access;

/** The result of an access check. */
public sealed interface AccessDecision {

    /**
     * The request has a valid caller.
     *
     * @param caller of the request
     */
    record Admitted(Caller caller) implements AccessDecision {}

    /**
     * The request is refused.
     *
     * @param refusal the reason
     */
    record Refused(AccessRefusal refusal) implements AccessDecision {}
}
