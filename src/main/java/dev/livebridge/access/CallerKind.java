package dev.livebridge.access;

import java.util.Locale;

/** The kind of a caller, by its credential. */
public enum CallerKind {
    /** A person with a login session at the identity provider; the credential is the session cookie. */
    PERSON,
    /** A program with a JWT as bearer token. */
    BEARER,
    /** A client with a ticket, which its backend or the page has requested. */
    TICKET,
    /** A program with an API key of this service. */
    KEY,
    /** A user of an allowed page, without a credential. */
    ANONYMOUS,
    /** A client of a service that requires no credentials. */
    OPEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The metric label. */
    public String label() {
        return label;
    }
}
