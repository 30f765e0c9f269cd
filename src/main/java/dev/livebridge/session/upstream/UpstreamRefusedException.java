package dev.livebridge.session.upstream;

import java.io.Serial;

/** The model can't be reached, or does not take this setup. */
public final class UpstreamRefusedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient UpstreamEnd end;

    /**
     * A refusal.
     *
     * @param end why, for people
     */
    public UpstreamRefusedException(UpstreamEnd end) {
        super(end.message());
        this.end = end;
    }

    /** Why. */
    public UpstreamEnd end() {
        return end;
    }
}
