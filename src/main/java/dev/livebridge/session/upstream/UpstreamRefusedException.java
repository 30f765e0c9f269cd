package dev.livebridge.session.upstream;

import java.io.Serial;

/** The model could not be reached, or would not have this setup. */
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
