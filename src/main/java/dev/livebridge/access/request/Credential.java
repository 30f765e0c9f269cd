package dev.livebridge.access.request;

/** A credential as the client has sent it, not verified. {@code toString} does not contain the secret. */
sealed interface Credential {

    /** The secret. */
    String text();

    /**
     * A JWT, or an API key of this service sent as a bearer token.
     *
     * @param text after {@code Bearer}
     */
    record Bearer(String text) implements Credential {
        @Override
        public String toString() {
            return "a bearer token";
        }
    }

    /**
     * A ticket of this service.
     *
     * @param text sealed
     */
    record Ticket(String text) implements Credential {
        @Override
        public String toString() {
            return "a ticket";
        }
    }

    /**
     * An ephemeral token, or a ticket in its place.
     *
     * @param text behind {@code auth_tokens/}, sealed
     */
    record Token(String text) implements Credential {
        @Override
        public String toString() {
            return "an ephemeral token";
        }
    }

    /**
     * An API key in a carrier of Google's SDKs.
     *
     * @param text may be a key of another service
     */
    record Key(String text) implements Credential {
        @Override
        public String toString() {
            return "an API key";
        }
    }

    /** A carrier with unreadable content. */
    record Malformed(String text) implements Credential {
        @Override
        public String toString() {
            return "a malformed credential";
        }
    }
}
