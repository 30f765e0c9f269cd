package dev.livebridge.session.turn;

/**
 * The number of one of the model's turns, as the client knows it.
 *
 * @param socket which of the client's sockets, from 1; each one counts its own turns
 * @param number of the turn on that socket, from 1 ({@code turn} in docs/live-protocol.md)
 */
public record TurnNumber(int socket, int number) {}
