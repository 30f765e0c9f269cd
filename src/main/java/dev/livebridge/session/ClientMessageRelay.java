package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.account.Weight;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.turn.UserInput;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.util.List;
import java.util.function.Consumer;

/**
 * Relays the client's messages to the queue toward the model, in their order. Once too much waits, the oldest media is
 * dropped. Messages for the gateway itself are answered here and not relayed.
 */
final class ClientMessageRelay {

    private static final int MAX_QUEUE_FACTOR_FOR_TEXT = 4;

    private final SessionScope scope;
    private final MessageQueue<ClientMessage> queue;
    private final DownstreamConnection client;
    private final UserInput userInput;
    private final ProblemReports problems;
    private final PictureFilter pictures;
    private final Consumer<ClientMessage.Setup> onSetup;
    private boolean leftOutReported;

    /**
     * A relay that has taken nothing.
     *
     * @param queue toward the model
     * @param client gets the answers to pings
     * @param onSetup is given every setup
     */
    ClientMessageRelay(
            SessionScope scope,
            MessageQueue<ClientMessage> queue,
            DownstreamConnection client,
            UserInput userInput,
            ProblemReports problems,
            Consumer<ClientMessage.Setup> onSetup) {
        this.scope = scope;
        this.queue = queue;
        this.client = client;
        this.userInput = userInput;
        this.problems = problems;
        this.pictures = new PictureFilter(scope, problems);
        this.onSetup = onSetup;
    }

    /**
     * Takes the messages of one frame.
     *
     * @param received in order; at least one
     * @param receivedNanos when the frame's callback began
     */
    void relay(List<? extends ClientMessage> received, long receivedNanos) {
        List<? extends ClientMessage> messages = pictures.filter(received);
        if (messages.isEmpty()) {
            return;
        }
        if (messages.size() > 1 || messages.getFirst().kind().isMedia()) {
            makeRoom(messages);
        }
        for (ClientMessage message : messages) {
            userInput.onClientMessage(message, receivedNanos);
            if (message instanceof ClientMessage.Audio && userInput.lastSpeechNanos() == receivedNanos) {
                scope.turnClock().onSpeech(receivedNanos);
            }
            relay(message, receivedNanos);
        }
    }

    private void relay(ClientMessage message, long receivedNanos) {
        switch (message) {
            case ClientMessage.Setup setup -> onSetup.accept(setup);
            case ClientMessage.Resume _ ->
                problems.report("second_setup", "resume must be the first message and only the first");
            case ClientMessage.Ping ping ->
                client.send(new GatewayMessage.Pong(ping.clientTime(), ping.receivedNanos()), receivedNanos);
            case ClientMessage.LeftOut(List<String> names) -> {
                if (!leftOutReported) {
                    leftOutReported = true;
                    problems.report(
                            "left_out",
                            String.join(", ", names) + " is not known here and was left out. This is said once.");
                }
            }
            // The edge verifies it and keeps it.
            case ClientMessage.Auth _ -> {}
            case ClientMessage.Beacon beacon -> scope.turnClock().reports().onBeacon(beacon);
            case ClientMessage.Audio _, ClientMessage.Video _ -> send(message, receivedNanos);
            case ClientMessage.ToolResponse _,
                    ClientMessage.LateResult _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.Unknown _,
                    ClientMessage.RealtimeText _,
                    ClientMessage.UserTurn _,
                    ClientMessage.GreetingPrompt _,
                    ClientMessage.ClientContent _,
                    ClientMessage.Signal _ -> sendAsActivity(message, receivedNanos);
        }
    }

    /** The client is detached: ends the user's utterance, so that the model does not wait for the rest of it. */
    void endSpeech(Negotiated negotiated) {
        if (negotiated.automaticTurns() || userInput.activityMarked()) {
            long now = scope.now();
            ClientMessage.Signal end = negotiated.automaticTurns()
                    ? ClientMessage.Signal.AUDIO_STREAM_END
                    : ClientMessage.Signal.ACTIVITY_END;
            userInput.onClientMessage(end, now);
            send(end, now);
        }
    }

    /** Media of one frame stays together: older media is dropped first. */
    private void makeRoom(List<? extends ClientMessage> incoming) {
        long bytes = 0;
        for (ClientMessage message : incoming) {
            bytes += Weight.of(message);
        }
        queue.makeRoom(
                bytes,
                scope.context().limits().queueUp(),
                entry -> scope.recorder().onDropped(Direction.UP, entry, DropReason.QUEUE_FULL));
    }

    private void sendAsActivity(ClientMessage message, long receivedNanos) {
        scope.onActivity();
        // The factor leaves room for one message of the largest size.
        if (queue.bytes() > MAX_QUEUE_FACTOR_FOR_TEXT * scope.context().limits().queueUp()) {
            scope.lifecycle().end(EndCause.POLICY, "More text and tool results were sent than the model takes.");
        } else {
            send(message, receivedNanos);
        }
    }

    private void send(ClientMessage message, long receivedNanos) {
        queue.offer(
                new Entry<>(message, message.kind(), message.bytes(), Weight.of(message), receivedNanos, scope.now()));
    }
}
