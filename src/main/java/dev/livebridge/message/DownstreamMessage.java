package dev.livebridge.message;

/** A message to the client: from the model ({@link ServerMessage}) or from the gateway ({@link GatewayMessage}). */
public sealed interface DownstreamMessage permits ServerMessage, GatewayMessage {

    /** The kind for queues and meters. */
    MessageKind kind();

    /** Weight in a queue, in bytes of payload (not of the frame). */
    int bytes();
}
