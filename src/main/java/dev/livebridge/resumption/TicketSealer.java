package dev.livebridge.resumption;

import jakarta.inject.Singleton;

/**
 * Seals tickets with the resumption keys, so that each instance opens what another has issued.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
public class TicketSealer {

    /** Anything longer is refused unread; a subprotocol has to fit into a header. */
    public static final int MAX_CHARACTERS = 4 * 1024;

    /** Neither that of resume tokens nor that of handles: none is good for another's purpose. */
    private static final byte VERSION = 3;

    private final Sealing sealing;

    /** A sealer with the keys of this service. */
    public TicketSealer(ResumptionKeys keys) {
        this.sealing = new Sealing(keys, VERSION);
    }

    /** Seals with the newest key. */
    public String seal(byte[] content) {
        return sealing.seal(content);
    }

    /**
     * Opens a ticket.
     *
     * @param sealed as it came; not validated
     * @throws ResumeRefusedException for everything that was not sealed as a ticket with a known key
     */
    public byte[] open(String sealed) throws ResumeRefusedException {
        return sealing.open(sealed, MAX_CHARACTERS);
    }
}
