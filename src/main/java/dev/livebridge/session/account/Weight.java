package dev.livebridge.session.account;

import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.TranscriptEntry;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The size of objects on the heap, in bytes, so that many small messages are counted with their overhead. The figures
 * are those of a 64-bit JVM with compressed references, rounded up; they are constants, not measurements.
 */
public final class Weight {

    /** An object with a few fields, and the slot in a collection that refers to it. */
    public static final int OBJECT = 40;

    /** A string without its characters: the object (24), and its array's header with padding (16 to 24). */
    public static final int STRING = 48;

    /** A message in a queue: its entry (48), the queue's slot (8), the message's own object (24 to 40). */
    static final int QUEUED = 96;

    private Weight() {}

    /** A string: one byte per character, two if any character is beyond Latin-1. */
    public static long of(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        return STRING + (isLatin1(text) ? text.length() : 2L * text.length());
    }

    /** Strings in a list or a set. */
    public static long of(Collection<String> texts) {
        long sum = OBJECT;
        for (String text : texts) {
            sum += 8 + of(text);
        }
        return sum;
    }

    /** A transcript. */
    static long ofTranscript(List<TranscriptEntry> entries) {
        long sum = OBJECT;
        for (TranscriptEntry entry : entries) {
            sum += OBJECT + of(entry.text());
        }
        return sum;
    }

    /** A queued message of the client. */
    public static long of(ClientMessage message) {
        return QUEUED
                + switch (message) {
                    case ClientMessage.Setup setup -> of(setup.json()) + of(setup.agent());
                    case ClientMessage.GreetingPrompt(String text) -> of(text);
                    case ClientMessage.ContextUpdate(String json) -> of(json);
                    case ClientMessage.LeftOut(List<String> names) -> of(names);
                    case ClientMessage.Unknown(String path, String name, String json) -> of(name) + of(json);
                    case ClientMessage.Resume(String token) -> of(token);
                    case ClientMessage.Auth(String token) -> of(token);
                    case ClientMessage.Audio audio -> ofBase64(audio.data().text());
                    case ClientMessage.Video video -> ofBase64(video.data().text());
                    case ClientMessage.RealtimeText(String text) -> of(text);
                    case ClientMessage.UserTurn(String text) -> of(text);
                    case ClientMessage.LateResult late -> of(late.function()) + of(late.json());
                    case ClientMessage.ClientContent(String json, List<TranscriptEntry> said, boolean instructs) ->
                        of(json) + ofTranscript(said);
                    case ClientMessage.ToolResponse response -> ofResults(response.results());
                    case ClientMessage.Signal _, ClientMessage.Ping _, ClientMessage.Beacon _ -> 0;
                };
    }

    private static long of(@Nullable AgentSetup agent) {
        return agent == null ? 0 : of(agent.json()) + of(agent.models()) + 4L * OBJECT;
    }

    /** A queued message to the client. */
    public static long of(DownstreamMessage message) {
        return QUEUED
                + switch (message) {
                    case ServerMessage said -> ofServer(said);
                    case GatewayMessage said -> ofGateway(said);
                };
    }

    private static long ofServer(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Audio audio -> ofBase64(audio.data().text()) + of(audio.rest());
            case ServerMessage.Text text -> of(text.text()) + of(text.rest());
            case ServerMessage.SetupComplete(String json) -> of(json);
            case ServerMessage.OtherPart(String json) -> of(json);
            case ServerMessage.Transcription transcription -> of(transcription.text()) + of(transcription.json());
            case ServerMessage.Grounding grounding -> of(grounding.json());
            case ServerMessage.ToolCall call -> ofCalls(call.calls()) + of(call.json());
            case ServerMessage.ToolCallCancellation gone -> of(gone.ids()) + of(gone.json());
            case ServerMessage.TurnComplete over -> of(over.reason()) + of(over.usage());
            case ServerMessage.InteractionStatus status -> of(status.status());
            case ServerMessage.Usage usage -> of(usage.json()) + 8L * OBJECT;
            case ServerMessage.ResumptionUpdate update -> of(update.handle()) + of(update.json());
            case ServerMessage.VoiceActivity activity -> of(activity.type()) + of(activity.json());
            case ServerMessage.Unknown unknown -> of(unknown.path()) + of(unknown.name()) + of(unknown.json());
            case ServerMessage.Interrupted _,
                    ServerMessage.GenerationComplete _,
                    ServerMessage.WaitingForInput _,
                    ServerMessage.GoAway _ -> 0;
        };
    }

    private static long ofGateway(GatewayMessage message) {
        return switch (message) {
            case GatewayMessage.Ready ready ->
                of(ready.sessionId())
                        + of(ready.model())
                        + of(ready.setup())
                        + of(ready.agent())
                        + of(ready.notices())
                        + ofTranscript(ready.transcript());
            case GatewayMessage.Problem problem -> of(problem.message()) + of(problem.remedy());
            case GatewayMessage.Warning warning -> of(warning.message());
            case GatewayMessage.ResumeOffer offer -> of(offer.token());
            case GatewayMessage.Migrate migrate -> of(migrate.token());
            case GatewayMessage.Timing _ -> 4L * OBJECT;
            case GatewayMessage.Renewing _,
                    GatewayMessage.Reconnecting _,
                    GatewayMessage.Reconnected _,
                    GatewayMessage.Pong _ -> 0;
        };
    }

    private static long ofCalls(List<ServerMessage.FunctionCall> calls) {
        long sum = OBJECT;
        for (ServerMessage.FunctionCall call : calls) {
            sum += OBJECT + of(call.id()) + of(call.name());
        }
        return sum;
    }

    private static long ofResults(List<ClientMessage.FunctionResult> results) {
        long sum = OBJECT;
        for (ClientMessage.FunctionResult result : results) {
            sum += OBJECT + of(result.id()) + of(result.json());
        }
        return sum;
    }

    /** Base64 is ASCII: one byte per character. */
    private static long ofBase64(String text) {
        return (long) STRING + text.length();
    }

    private static boolean isLatin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }
}
