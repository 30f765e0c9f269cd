package dev.livebridge.browser;

/**
 * The order of the checks before an upgrade. WebSockets Next runs checks with a higher {@code @Priority} first and
 * stops at the first refusal; a check without one has 0. Checks that count or reserve run last, so that a refused
 * upgrade takes nothing.
 */
final class CheckPriority {

    /** The path names a known version and method. */
    static final int PATH = 500;

    /** The origin, or the peer of a program, may connect. */
    static final int ORIGIN = 400;

    /** The caller is known by its credential. */
    static final int CALLER = 300;

    /** The caller's limits allow one more conversation; it is counted. */
    static final int LIMITS = 200;

    /** The instance has a slot, and the address a connection left; both are reserved. */
    static final int CAPACITY = -1;

    private CheckPriority() {}
}
