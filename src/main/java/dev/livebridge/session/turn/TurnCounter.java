package dev.livebridge.session.turn;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;

/**
 * Numbers the model's turns on one socket of the client, in the order of the writes: docs/live-protocol.md,
 * {@code turn}.
 *
 * <p>A turn's number holds until the first message that belongs to the next turn. Messages that belong to no turn, such
 * as token counts behind a {@code turnComplete}, have the number of the newest turn. Used by the thread that writes to
 * the socket.
 */
public final class TurnCounter {

    private final int socket;
    private int number = 1;
    private boolean complete;

    /** @param socket which of the client's sockets, from 1 */
    public TurnCounter(int socket) {
        this.socket = socket;
    }

    /**
     * Numbers the next message that is written.
     *
     * @return the number of its turn, or of the newest turn if it belongs to none
     */
    public TurnNumber onMessage(DownstreamMessage message) {
        boolean ofTurn = switch (message) {
            case ServerMessage server -> server.ofTurn();
            case GatewayMessage _ -> false;
        };
        if (ofTurn && complete) {
            number++;
            complete = false;
        }
        complete |= message instanceof ServerMessage.TurnComplete;
        return new TurnNumber(socket, number);
    }
}
