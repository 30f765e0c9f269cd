package dev.livebridge.session.turn;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage.Timing;
import dev.livebridge.message.GatewayMessage.Timing.SpeechEnd;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.telemetry.ConversationTrace;
import dev.livebridge.telemetry.ModelMeters;
import dev.livebridge.telemetry.TurnMeters;
import dev.livebridge.telemetry.TurnPoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time stamps of each turn, which separate the gateway's latency from the model's: the user's input complete,
 * arrived, written to the model; the answer's first message and first audio received; that audio written to the client.
 *
 * <p>The pending question is the newest completed input, or the newest audio chunk with speech. Without one, the last
 * chunk sent before the answer gives the upstream latency, but no end of speech. A message written to the client counts
 * for the running answer only if it arrived after the answer's begin, so that a slow client can't mix up turns. All
 * times are the session's clock, in nanoseconds.
 *
 * <p>Called from the threads of both sockets.
 */
public final class TurnClock {

    /** Speech after a silence longer than this is a new utterance. */
    private static final long PAUSE_NANOS = 500_000_000L;

    /** An input that the model answers. */
    private record Question(@Nullable SpeechEnd source, long spoken, long received, long written) {}

    private final TurnMeters meters;
    private final ConversationTrace trace;
    private int answers;
    private @Nullable ModelMeters model;
    private @Nullable Question pending;
    private @Nullable Question lastChunk;
    private long speechFrom;
    private long lastSpeech;

    private boolean answering;
    private @Nullable Question answered;
    private boolean toolCalled;
    private boolean timingReported;
    private long firstByte;
    private long lastContent;

    private final ClientReports reports;

    public TurnClock(TurnMeters meters, ConversationTrace trace) {
        this.meters = meters;
        this.trace = trace;
        this.reports = new ClientReports(meters);
    }

    /** What the client measures of the same turns. */
    public ClientReports reports() {
        return reports;
    }

    /** The model of the session is known. */
    public synchronized void onModelChosen(ModelMeters meters) {
        model = meters;
    }

    // ---- the way up ----------------------------------------------------------------------------------------------

    /** {@link SpeechEstimate} has found speech in the audio that arrived at that time. */
    public synchronized void onSpeech(long receivedNanos) {
        if (receivedNanos - lastSpeech > PAUSE_NANOS) {
            speechFrom = receivedNanos;
        }
        lastSpeech = receivedNanos;
    }

    /** A message of the client was written to the model. */
    public synchronized void onWrittenToModel(ClientMessage message, long receivedNanos, long writtenNanos) {
        switch (message) {
            case ClientMessage.Audio audio -> {
                lastChunk = new Question(null, receivedNanos, receivedNanos, writtenNanos);
                if (receivedNanos == lastSpeech) {
                    onQuestion(SpeechEnd.ESTIMATE, receivedNanos, writtenNanos);
                }
            }
            case ClientMessage.UserTurn turn -> onQuestion(SpeechEnd.TEXT, receivedNanos, writtenNanos);
            case ClientMessage.GreetingPrompt prompt -> onQuestion(SpeechEnd.TEXT, receivedNanos, writtenNanos);
            case ClientMessage.RealtimeText text -> onQuestion(SpeechEnd.TEXT, receivedNanos, writtenNanos);
            case ClientMessage.Signal signal -> {
                if (signal != ClientMessage.Signal.ACTIVITY_START) {
                    onQuestion(SpeechEnd.PUSH_TO_TALK, receivedNanos, writtenNanos);
                }
            }
            case ClientMessage.Setup setup -> {}
            case ClientMessage.Video video -> {}
            // Only its content shows whether it asks for an answer.
            case ClientMessage.ClientContent content -> {}
            case ClientMessage.ToolResponse response -> {}
            case ClientMessage.LateResult result -> {}
            case ClientMessage.Resume resume -> {}
            case ClientMessage.Auth auth -> {}
            case ClientMessage.Ping ping -> {}
            case ClientMessage.Beacon beacon -> {}
            case ClientMessage.ContextUpdate update -> {}
            case ClientMessage.LeftOut leftOut -> {}
            case ClientMessage.Unknown unknown -> {}
        }
    }

    private void onQuestion(SpeechEnd source, long received, long written) {
        pending = new Question(source, received, received, written);
    }

    // ---- the way down --------------------------------------------------------------------------------------------

    /** A message of the model has arrived. */
    public synchronized void onServerMessage(ServerMessage message, long receivedNanos) {
        switch (message) {
            case ServerMessage.Audio audio -> onContent(receivedNanos);
            case ServerMessage.Text text -> onContent(receivedNanos);
            case ServerMessage.OtherPart part -> onAnswerBegin(receivedNanos);
            case ServerMessage.Transcription transcription -> {
                if (transcription.source() == TranscriptSource.OUTPUT) {
                    onAnswerBegin(receivedNanos);
                }
            }
            case ServerMessage.ToolCall call -> {
                onAnswerBegin(receivedNanos);
                toolCalled = true;
            }
            case ServerMessage.Interrupted() -> {
                if (answering) {
                    trace.at(TurnPoint.INTERRUPTED, answers, receivedNanos);
                }
                if (answering && speechFrom - firstByte > 0) {
                    meters.interruptionDetected(Duration.ofNanos(receivedNanos - speechFrom));
                    speechFrom = 0;
                }
            }
            case ServerMessage.TurnComplete complete -> onAnswerEnd(receivedNanos, null);
            case ServerMessage.Usage usage -> {
                if (model != null) {
                    model.used(usage);
                }
            }
            case ServerMessage.Grounding _, ServerMessage.GenerationComplete _, ServerMessage.Housekeeping _ -> {}
        }
    }

    /** The connection to the model was lost, perhaps while a question was pending or an answer ran. */
    public synchronized void onUpstreamFailed(long atNanos, String error) {
        if (!answering && pending != null) {
            onAnswerBegin(atNanos);
        }
        onAnswerEnd(atNanos, error);
    }

    private void onContent(long at) {
        onAnswerBegin(at);
        if (lastContent == 0) {
            trace.at(TurnPoint.FIRST_UPSTREAM_AUDIO, answers, at);
        }
        if (model != null && lastContent != 0) {
            model.nextChunk(at - lastContent);
        } else if (model != null && answered != null && answered.source() != null) {
            model.firstChunk(Duration.ofNanos(at - answered.written()));
        }
        lastContent = at;
    }

    private void onAnswerBegin(long at) {
        if (!answering) {
            answering = true;
            answered = pending == null ? lastChunk : pending;
            pending = null;
            toolCalled = false;
            timingReported = false;
            firstByte = at;
            lastContent = 0;
            answers++;
            if (answered != null) {
                if (answered.source() != null) {
                    trace.at(TurnPoint.END_OF_INPUT, answers, answered.spoken());
                }
                trace.at(TurnPoint.WRITTEN_UPSTREAM, answers, answered.written());
            }
            trace.at(TurnPoint.FIRST_UPSTREAM_BYTE, answers, at);
        }
    }

    private void onAnswerEnd(long at, @Nullable String error) {
        if (answering && model != null && answered != null && answered.source() != null) {
            Duration took = Duration.ofNanos(at - answered.written());
            if (error == null) {
                model.turnOver(took);
            } else {
                model.turnFailed(took, error);
            }
        }
        if (answering) {
            trace.at(TurnPoint.TURN_COMPLETE, answers, at);
        }
        answering = false;
    }

    /**
     * A message was written to the client.
     *
     * @param turn the number of its turn
     * @param receivedNanos when its frame arrived
     * @param writtenNanos when the write had finished
     * @return the message for the client, once per turn; otherwise {@code null}
     */
    public synchronized @Nullable Timing onWrittenToClient(
            DownstreamMessage message, TurnNumber turn, long receivedNanos, long writtenNanos) {
        if (message instanceof ServerMessage.Interrupted) {
            meters.interruptionRelayed(Duration.ofNanos(writtenNanos - receivedNanos));
            return null;
        }
        boolean answer = message instanceof ServerMessage.Audio
                || (message instanceof ServerMessage.Text text && !text.thought());
        if (!answer || timingReported || firstByte == 0 || receivedNanos < firstByte) {
            return null;
        }
        timingReported = true;
        trace.at(TurnPoint.WRITTEN_DOWNSTREAM, answers, writtenNanos);
        Question question = answered;
        if (question == null) {
            return new Timing(null, null, null, null, firstByte, receivedNanos, writtenNanos);
        }
        SpeechEnd source = question.source();
        // The time of a function call is the client's; such a turn measures neither the model nor the gateway.
        if (source != null && !toolCalled) {
            long response = writtenNanos - question.spoken();
            reports.onAnswered(turn, source, response);
            meters.answered(
                    source,
                    Duration.ofNanos(response),
                    Duration.ofNanos(question.written() - question.received() + writtenNanos - receivedNanos),
                    Duration.ofNanos(firstByte - question.written()),
                    Duration.ofNanos(receivedNanos - question.written()));
        }
        return new Timing(
                source == null ? null : question.spoken(),
                source,
                question.received(),
                question.written(),
                firstByte,
                receivedNanos,
                writtenNanos);
    }
}
