package dev.livebridge.session.token;

import org.jspecify.annotations.Nullable;

/**
 * Whose a resume token is.
 *
 * @param origin of the page ({@code scheme://host:port}), {@code none} for a client that is no page
 * @param subject of the caller, {@code null} when the service asks for no credential
 */
public record TokenOwner(String origin, @Nullable String subject) {

    /** Says nothing of who it is. */
    @Override
    public String toString() {
        return "a caller from " + origin;
    }
}
