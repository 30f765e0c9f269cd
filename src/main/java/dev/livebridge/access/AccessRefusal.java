package dev.livebridge.access;

/** The reason for which a caller is refused, with its HTTP status, its label and its message. */
public enum AccessRefusal {
    /** The request has no credential, and the service requires one. */
    MISSING(401, "auth_missing", "This service requires a credential. Log in, or send an API key or a token."),
    /** The credential is malformed, forged, unknown, revoked, or for another service. */
    INVALID(401, "auth_invalid", "The credential is not valid here. Log in again, or get a new one."),
    /** The credential has expired. */
    EXPIRED(401, "auth_expired", "The credential has expired. Log in again, or get a new one."),
    /** The request has two different credentials. */
    AMBIGUOUS(400, "ambiguous_credentials", "The request has two different credentials. Send one."),
    /** The caller has no permission for the request. */
    FORBIDDEN(403, "forbidden", "The credential does not allow this. Ask the operator for the right."),
    /** The caller has as many open conversations as its limit allows. */
    CONCURRENCY(429, "concurrency", "Too many conversations are open. End one, or try again later."),
    /** The caller starts conversations faster than its limit allows. */
    RATE(429, "rate", "Conversations are started too fast. Try again in a minute."),
    /** The caller has used up its minutes, tokens or US dollars. */
    BUDGET(429, "budget", "The budget is used up. Try again after it is reset."),
    /** The identity provider or the limit store does not answer. */
    UNAVAILABLE(503, "access_unavailable", "The credential can't be checked now. Try again in a minute.");

    private final int status;
    private final String label;
    private final String sentence;

    AccessRefusal(int status, String label, String sentence) {
        this.status = status;
        this.label = label;
        this.sentence = sentence;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The metric label; also the code of the JSON error. */
    public String label() {
        return label;
    }

    /** The message of the JSON error: the problem and its solution. */
    public String sentence() {
        return sentence;
    }
}
