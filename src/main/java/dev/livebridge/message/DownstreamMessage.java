package dev.livebridge.message;

/** Anything a client can be told: by the model ({@link ServerMessage}) or by the gateway ({@link GatewayMessage}). */
public sealed interface DownstreamMessage permits ServerMessage, GatewayMessage {

    /** What queues and meters take this message for. */
    MessageKind kind();

    /** Weight in a queue, in bytes of payload (not of the frame). */
    int bytes();
}
