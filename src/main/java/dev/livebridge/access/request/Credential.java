package dev.livebridge.access.request;

/** What a caller shows, not verified yet. No form of it says its secret in a text. */
sealed interface Credential {

    /** The secret as it came. */
    String text();

    /**
     * A JWT, or an API key of this service sent as a bearer token.
     *
     * @param text behind {@code Bearer}
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
     * An API key where Google's SDKs send theirs.
     *
     * @param text of any service
     */
    record Key(String text) implements Credential {
        @Override
        public String toString() {
            return "an API key";
        }
    }

    /** A carrier whose content can't be read. */
    record Malformed(String text) implements Credential {
        @Override
        public String toString() {
            return "a malformed credential";
        }
    }
}
