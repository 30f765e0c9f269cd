package dev.livebridge.browser.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.MediaText;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.resumption.HandleOwner;
import dev.livebridge.resumption.HandleSealer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes server messages in the format of the Gemini Live API (gemini-live-api.md section 5), one member per message.
 *
 * <p>An {@code interactionStatus} is written with the {@code turnComplete} that it came with: alone, an SDK would take
 * it for the end of the whole exchange (section 7.7). {@code usageMetadata} is written with the {@code turnComplete}
 * that it came with: some clients assign token counts to a turn only then.
 */
final class GeminiEncoder implements Dialect.Encoder {

    private final HandleSealer handles;
    private final HandleOwner owner;
    private @Nullable String status;
    private @Nullable String usageWritten;
    private @Nullable String model;
    private @Nullable AgentSetup agent;

    GeminiEncoder(HandleSealer handles, HandleOwner owner) {
        this.handles = handles;
        this.owner = owner;
    }

    @Override
    public @Nullable OutboundFrame encode(DownstreamMessage message, int turn) {
        if (message instanceof ServerMessage.Audio audio && audio.rest() == null) {
            return new OutboundFrame.MediaInBinary(media(audio));
        }
        String json = switch (message) {
            case ServerMessage server -> encode(server);
            case GatewayMessage gateway -> encode(gateway);
        };
        return json == null ? null : new OutboundFrame.Binary(json.getBytes(StandardCharsets.UTF_8));
    }

    private static MediaText media(ServerMessage.Audio audio) {
        return new MediaText(
                "{\"serverContent\":{\"modelTurn\":{\"role\":\"model\",\"parts\":[{\"inlineData\":{\"mimeType\":\""
                        + audio.mimeType() + "\",\"data\":\"",
                audio.data(),
                "\"}}]}}}");
    }

    private @Nullable String encode(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Audio audio when audio.rest() != null -> part(audio, audio.rest());
            case ServerMessage.Audio audio -> media(audio).text();
            case ServerMessage.Text(String text, boolean thought, String rest) -> {
                JsonText part = JsonText.object().put("text", text);
                if (thought) {
                    part.put("thought", true);
                }
                yield part(rest == null ? part.end() : joined(part.end(), rest));
            }
            case ServerMessage.OtherPart(String part) -> part(part);
            case ServerMessage.Transcription transcription ->
                content(
                        switch (transcription.source()) {
                            case INPUT -> "inputTranscription";
                            case INTERIM_INPUT -> "interimInputTranscription";
                            case OUTPUT -> "outputTranscription";
                        },
                        transcription.json());
            case ServerMessage.Grounding(String field, String json) -> content(field, json);
            case ServerMessage.Interrupted _ -> content("interrupted", "true");
            case ServerMessage.GenerationComplete _ -> content("generationComplete", "true");
            case ServerMessage.WaitingForInput _ -> content("waitingForInput", "true");
            case ServerMessage.InteractionStatus interaction -> status(interaction);
            // The gateway's own reasons are not values of Gemini's enum.
            case ServerMessage.TurnComplete complete ->
                turnComplete(complete.madeUp() ? null : complete.reason(), complete.usage());
            // A call inside a part was sent with its part.
            case ServerMessage.ToolCall call -> call.inPart() ? null : member("toolCall", call.json());
            case ServerMessage.ToolCallCancellation(List<String> ids, String json) ->
                member(
                        "toolCallCancellation",
                        json == null ? JsonText.object().put("ids", ids).end() : json);
            case ServerMessage.Usage usage -> usage(usage.json());
            case ServerMessage.ResumptionUpdate update -> member("sessionResumptionUpdate", resumption(update));
            // With an empty serverContent, like Gemini: SDKs that don't know the key can then read the message.
            case ServerMessage.VoiceActivity activity ->
                JsonText.object()
                        .putJson("serverContent", "{}")
                        .putJson(activity.field(), activity.json())
                        .end();
            case ServerMessage.Unknown(String path, String name, String json) -> unknown(path, name, json);
            // The gateway confirms the setup itself and rotates the upstream connection before the goAway deadline.
            case ServerMessage.SetupComplete _, ServerMessage.GoAway _ -> null;
        };
    }

    private @Nullable String encode(GatewayMessage message) {
        return switch (message) {
            case GatewayMessage.Ready ready -> {
                model = ready.model();
                agent = ready.agent();
                yield "{\n  \"setupComplete\": {}\n}\n";
            }
            case GatewayMessage.Problem _,
                    GatewayMessage.Renewing _,
                    GatewayMessage.Reconnecting _,
                    GatewayMessage.Reconnected _,
                    GatewayMessage.Warning _,
                    GatewayMessage.ResumeOffer _,
                    GatewayMessage.Migrate _,
                    GatewayMessage.Pong _,
                    GatewayMessage.Timing _ -> null;
        };
    }

    private @Nullable String status(ServerMessage.InteractionStatus interaction) {
        if (interaction.withTurnComplete()) {
            status = interaction.status();
            return null;
        }
        return content("interactionStatus", JsonText.quoted(interaction.status()));
    }

    /** The update with a sealed handle in place of the model's, which would open the conversation to every holder. */
    private String resumption(ServerMessage.ResumptionUpdate update) {
        if (update.handle() == null) {
            return update.json();
        }
        ObjectNode json = read(update.json());
        json.remove("new_handle");
        if (model == null) {
            json.remove("newHandle");
        } else {
            json.put("newHandle", handles.seal(new HandleSealer.Handle(update.handle(), model, agent, owner)));
        }
        return StrictJson.write(json);
    }

    private @Nullable String usage(String json) {
        boolean written = json.equals(usageWritten);
        usageWritten = null;
        return written ? null : member("usageMetadata", json);
    }

    private String turnComplete(@Nullable String reason, @Nullable String usage) {
        JsonText content = JsonText.object().put("turnComplete", true);
        if (reason != null) {
            content.put("turnCompleteReason", reason);
        }
        if (status != null) {
            content.put("interactionStatus", status);
            status = null;
        }
        JsonText message = JsonText.object().putJson("serverContent", content.end());
        usageWritten = usage;
        return (usage == null ? message : message.putJson("usageMetadata", usage)).end();
    }

    /**
     * A member that this version does not know. An SDK fails on a message whose only key it does not know (section 1,
     * fact 16), so a top-level member gets an empty {@code serverContent} beside it, and a {@code modelTurn} an empty
     * list of parts. Unknown members of messages that this encoder omits are omitted, too.
     */
    private static @Nullable String unknown(String path, String name, String json) {
        return switch (path) {
            case "" ->
                JsonText.object()
                        .putJson("serverContent", "{}")
                        .putJson(name, json)
                        .end();
            case "serverContent" -> content(name, json);
            case "serverContent.modelTurn" ->
                content(
                        "modelTurn",
                        JsonText.object()
                                .putJson("parts", "[]")
                                .putJson(name, json)
                                .end());
            default -> null;
        };
    }

    private static String part(ServerMessage.Audio audio, String rest) {
        ObjectNode part = read(rest);
        part.withObjectProperty("inlineData")
                .put("mimeType", audio.mimeType())
                .put("data", audio.data().text());
        return part(StrictJson.write(part));
    }

    private static String joined(String part, String rest) {
        return StrictJson.write(read(rest).setAll(read(part)));
    }

    private static ObjectNode read(String object) {
        try {
            return (ObjectNode) StrictJson.read(object);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("a member that was already parsed is not valid JSON", e);
        }
    }

    private static String part(String part) {
        return content("modelTurn", "{\"role\":\"model\",\"parts\":[" + part + "]}");
    }

    private static String content(String field, String json) {
        return member("serverContent", member(field, json));
    }

    private static String member(String name, String json) {
        return JsonText.object().putJson(name, json).end();
    }
}
