package dev.livebridge.access;

/**
 * Why a caller is refused: at once the HTTP status, the metric label, the code of the JSON error and a sentence for
 * people.
 */
public enum AccessRefusal {
    /** No credential, and the service asks for one. */
    MISSING(401, "auth_missing", "This service asks for a credential. Log in, or send an API key or a token."),
    /** A credential that is none of ours: malformed, forged, revoked, or for another service. */
    INVALID(401, "auth_invalid", "The credential is not valid here. Log in again, or ask for a new one."),
    /** A credential whose time is over. */
    EXPIRED(401, "auth_expired", "The credential has expired. Log in again, or fetch a new one."),
    /** Two different credentials in one request. */
    AMBIGUOUS(400, "ambiguous_credentials", "The request has two different credentials. Send one."),
    /** A caller who may not do this. */
    FORBIDDEN(403, "forbidden", "The credential does not allow this. Ask the operator for the right."),
    /** As many conversations as the caller may have are open. */
    CONCURRENCY(429, "concurrency", "Too many conversations are open. End one, or come back later."),
    /** Conversations are begun faster than the caller may. */
    RATE(429, "rate", "Conversations are begun too fast. Wait a minute."),
    /** The caller has used up its time, tokens or money. */
    BUDGET(429, "budget", "The budget is used up. Try again after it is reset."),
    /** The identity provider or the limit store can't be asked, so nothing can be said about the caller. */
    UNAVAILABLE(503, "access_unavailable", "The credential can't be checked at the moment. Try again in a minute.");

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

    /** The metric label and error code. */
    public String label() {
        return label;
    }

    /** What happened and what people can do about it. */
    public String sentence() {
        return sentence;
    }
}
