package dev.livebridge.browser.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Encodes the downstream messages of {@code docs/live-protocol.md}. */
final class LiveEncoder implements Dialect.Encoder {

    private static final double NANOS_PER_MILLI = 1e6;

    private final long startedNanos;
    private final LongSupplier nanoTime;
    private int lastAudioTurn;

    LiveEncoder(long startedNanos, LongSupplier nanoTime) {
        this.startedNanos = startedNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    public @Nullable OutboundFrame encode(DownstreamMessage message, int turn) {
        return switch (message) {
            case ServerMessage.Audio audio -> audio(audio, turn);
            case ServerMessage server -> text(encode(server, turn));
            case GatewayMessage gateway -> text(encode(gateway, turn));
        };
    }

    private static @Nullable OutboundFrame text(@Nullable JsonText json) {
        return json == null ? null : new OutboundFrame.Text(json.end());
    }

    private OutboundFrame audio(ServerMessage.Audio audio, int turn) {
        boolean first = lastAudioTurn != turn;
        lastAudioTurn = turn;
        return new OutboundFrame.Binary(
                LiveFrame.encodeAudio(audio.data(), turn, first, (long) millis(nanoTime.getAsLong())));
    }

    private static @Nullable JsonText encode(ServerMessage message, int turn) {
        return switch (message) {
            case ServerMessage.Transcription transcription -> transcript(transcription, turn);
            case ServerMessage.Text text -> {
                JsonText json = ofTurn("text", turn).put("text", text.text());
                yield text.thought() ? json.put("thought", true) : json;
            }
            case ServerMessage.OtherPart(String part) -> ofTurn("part", turn).putJson("part", part);
            case ServerMessage.Interrupted _ -> ofTurn("interrupted", turn);
            case ServerMessage.GenerationComplete _ -> ofTurn("generationComplete", turn);
            case ServerMessage.TurnComplete complete -> {
                JsonText json = ofTurn("turnComplete", turn);
                yield complete.reason() == null ? json : json.put("reason", complete.reason());
            }
            case ServerMessage.InteractionStatus interaction ->
                ofTurn("status", turn).put("status", interaction.status());
            case ServerMessage.WaitingForInput _ -> ofTurn("status", turn).put("status", "WAITING_FOR_INPUT");
            case ServerMessage.ToolCall call -> ofTurn("toolCall", turn).putJson("calls", calls(call));
            case ServerMessage.ToolCallCancellation cancellation ->
                typed("toolCallCancellation").put("ids", cancellation.ids());
            case ServerMessage.Grounding(String field, String json) ->
                ofTurn("grounding", turn).putJson(field, json);
            case ServerMessage.Usage usage ->
                ofTurn("usage", turn)
                        .put("promptTokens", usage.promptTokens())
                        .put("responseTokens", usage.responseTokens())
                        .put("totalTokens", usage.totalTokens())
                        .putJson("usageMetadata", usage.json());
            case ServerMessage.VoiceActivity activity -> voiceActivity(activity);
            // The gateway handles setup, resumption and rotation itself; audio is a binary frame.
            case ServerMessage.SetupComplete _,
                    ServerMessage.ResumptionUpdate _,
                    ServerMessage.GoAway _,
                    ServerMessage.Unknown _,
                    ServerMessage.Audio _ -> null;
        };
    }

    private static JsonText transcript(ServerMessage.Transcription transcription, int turn) {
        JsonText json = ofTurn("transcript", turn)
                .put("role", transcription.source() == TranscriptSource.OUTPUT ? "model" : "user")
                .put("text", transcription.text());
        if (transcription.source() == TranscriptSource.INTERIM_INPUT) {
            json.put("interim", true);
        }
        return transcription.finished() ? json.put("finished", true) : json;
    }

    private static String calls(ServerMessage.ToolCall call) {
        JsonNode toolCall;
        try {
            toolCall = StrictJson.read(call.json());
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("a tool call that was already parsed is not valid JSON", e);
        }
        JsonNode calls = toolCall.has("functionCalls") ? toolCall.get("functionCalls") : toolCall.get("function_calls");
        return calls == null ? "[]" : StrictJson.write(calls);
    }

    private static @Nullable JsonText voiceActivity(ServerMessage.VoiceActivity activity) {
        return switch (activity.type()) {
            case "ACTIVITY_START", "VAD_SIGNAL_TYPE_SOS" ->
                typed("voiceActivity").put("activity", "start");
            case "ACTIVITY_END", "VAD_SIGNAL_TYPE_EOS" -> typed("voiceActivity").put("activity", "end");
            default -> null;
        };
    }

    private JsonText encode(GatewayMessage message, int turn) {
        return switch (message) {
            case GatewayMessage.Ready ready -> ready(ready);
            case GatewayMessage.ResumeOffer(String token, long expiresInMillis) ->
                typed("resumeToken").put("token", token).put("expiresInMs", expiresInMillis);
            case GatewayMessage.Migrate(String token, long expiresInMillis) ->
                typed("migrate").put("token", token).put("expiresInMs", expiresInMillis);
            case GatewayMessage.Problem problem -> {
                JsonText json = typed("error").put("code", problem.code()).put("message", problem.message());
                if (problem.remedy() != null) {
                    json.put("remedy", problem.remedy());
                }
                if (problem.retryAfterMillis() != null) {
                    json.put("retryAfter", problem.retryAfterMillis().longValue());
                }
                yield json.put("fatal", problem.fatal());
            }
            case GatewayMessage.Renewing _ -> upstream("renewing");
            case GatewayMessage.Reconnecting(int attempt, long retryInMillis) ->
                upstream("reconnecting").put("attempt", attempt).put("retryInMs", retryInMillis);
            case GatewayMessage.Reconnected(GatewayMessage.Memory memory) ->
                upstream("ready").put("memory", memory.label());
            case GatewayMessage.Warning(String code, String text, Long inMillis) -> warning(code, text, inMillis);
            case GatewayMessage.Timing timing -> timing(timing, turn);
            case GatewayMessage.Pong pong ->
                typed("pong")
                        .put("t", pong.clientTime())
                        .put("received", millis(pong.receivedNanos()))
                        .put("sent", millis(nanoTime.getAsLong()));
        };
    }

    private static JsonText warning(String code, String text, @Nullable Long inMillis) {
        JsonText json = typed("warning").put("code", code).put("message", text);
        return inMillis == null ? json : json.put("inMs", inMillis);
    }

    private JsonText ready(GatewayMessage.Ready ready) {
        JsonText json = typed("ready")
                .put("session", ready.sessionId())
                .put("backend", ready.backend())
                .put("model", ready.model())
                .putJson("setup", ready.setup())
                .put("notices", ready.notices())
                .put("t", millis(nanoTime.getAsLong()))
                .put("resumed", ready.resumed())
                .put("memory", ready.memory().label());
        if (ready.agent() != null) {
            json.put("agent", ready.agent().name());
        }
        if (ready.answering()) {
            json.put("answering", true);
        }
        if (ready.resumed()) {
            json.putJson(
                    "transcript",
                    ready.transcript().stream()
                            .map(entry -> JsonText.object()
                                    .put("role", entry.role().label())
                                    .put("text", entry.text())
                                    .end())
                            .collect(Collectors.joining(",", "[", "]")));
        }
        return json;
    }

    private static JsonText upstream(String state) {
        return typed("upstream").put("state", state);
    }

    private JsonText timing(GatewayMessage.Timing timing, int turn) {
        JsonText json = ofTurn("timing", turn);
        putMoment(json, "speechEnd", timing.speechEnd());
        if (timing.source() != null) {
            json.put("speechEndSource", timing.source().label());
        }
        putMoment(json, "inputReceived", timing.inputReceived());
        putMoment(json, "inputWritten", timing.inputWritten());
        putMoment(json, "firstByteReceived", timing.firstByteReceived());
        putMoment(json, "firstAudioReceived", timing.firstAudioReceived());
        putMoment(json, "firstAudioWritten", timing.firstAudioWritten());
        return json;
    }

    private void putMoment(JsonText json, String key, @Nullable Long nanos) {
        if (nanos != null) {
            json.put(key, millis(nanos));
        }
    }

    private static JsonText ofTurn(String type, int turn) {
        return typed(type).put("turn", turn);
    }

    private static JsonText typed(String type) {
        return JsonText.object().put("type", type);
    }

    private double millis(long nanos) {
        return (nanos - startedNanos) / NANOS_PER_MILLI;
    }
}
