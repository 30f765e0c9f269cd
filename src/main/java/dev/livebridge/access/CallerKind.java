package dev.livebridge.access;

import java.util.Locale;

/** How a caller has shown who it is. */
public enum CallerKind {
    /** A person with a session at the identity provider, by the cookie of the page. */
    PERSON,
    /** An application with a JWT bearer token. */
    BEARER,
    /** A page with a ticket that its own backend has fetched. */
    TICKET,
    /** A server or an SDK with an API key of this service. */
    KEY,
    /** A visitor of an allowed page without a credential. */
    ANONYMOUS,
    /** A client of a service that asks for no credentials. */
    OPEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The metric label. */
    public String label() {
        return label;
    }
}
