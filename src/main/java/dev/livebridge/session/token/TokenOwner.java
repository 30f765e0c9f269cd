package dev.livebridge.session.token;

import org.jspecify.annotations.Nullable;

/**
 * The caller that a resume token belongs to.
 *
 * @param origin of the page ({@code scheme://host:port}), {@code none} for a program
 * @param subject of the caller, {@code null} if the service requires no credential
 */
public record TokenOwner(String origin, @Nullable String subject) {

    /** Does not contain the subject. */
    @Override
    public String toString() {
        return "a caller from " + origin;
    }
}
