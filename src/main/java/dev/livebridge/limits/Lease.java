package dev.livebridge.limits;

import java.util.UUID;

/**
 * The right of a conversation to count as one open conversation, in the hands of one session. A conversation that moves
 * or resumes keeps its id and gets a new holder, so that a late report or release of the session before it does not
 * touch the lease.
 *
 * @param conversation id of the conversation, the same in all its sessions
 * @param holder id of the session that holds the lease, unique among all instances
 */
record Lease(String conversation, String holder) {

    /** A lease for one more session of a conversation. */
    static Lease of(String conversation) {
        return new Lease(conversation, UUID.randomUUID().toString());
    }
}
