package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.JsonNormalizer.badShape;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.MediaText;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of the tutorial's pages: text frames; Gemini's messages upstream, <code>{"text":"…"}</code> and <code>
 * {"audio":"…"}</code> downstream.
 *
 * <p>These two remain top-level strings, because existing pages rely on it. The other downstream members
 * ({@code interrupted}, {@code turn_complete}, {@code transcription}, {@code error}) are later additions; old pages
 * ignore them.
 */
public final class TutorialDialect implements Dialect {

    private static final String NO_SETTINGS = "{}";

    private final MemberRules rules;

    /** The dialect with the default rules. */
    public TutorialDialect() {
        this(MemberRules.DEFAULTS);
    }

    /** The dialect. */
    public TutorialDialect(MemberRules rules) {
        this.rules = rules;
    }

    @Override
    public String label() {
        return "tutorial";
    }

    /**
     * A first frame without {@code setup} counts as an empty setup; its other members are read like those of any frame.
     */
    @Override
    public List<ClientMessage> decodeFirst(String text) throws BadInputException {
        ObjectNode frame = GeminiMessageParser.parse(text);
        PartialResult result = new PartialResult(rules);
        if (frame.has("setup")) {
            GeminiMessageParser.readSetup(frame, result);
        } else {
            result.add(new ClientMessage.Setup(NO_SETTINGS));
        }
        GeminiMessageParser.readConversation(frame, result);
        return result.finish();
    }

    @Override
    public List<ClientMessage> decode(String text) throws BadInputException {
        List<ClientMessage> media = MediaFastPath.read(Utf8Slice.of(text));
        if (media != null) {
            return media;
        }
        ObjectNode frame = GeminiMessageParser.parse(text);
        if (GeminiMessageParser.hasNothingToPassOn(frame, rules)) {
            throw badShape("the message holds no known member");
        }
        PartialResult result = new PartialResult(rules);
        GeminiMessageParser.readSetup(frame, result);
        GeminiMessageParser.readConversation(frame, result);
        return result.finish();
    }

    /** Reads a binary frame as the same JSON. */
    @Override
    public List<ClientMessage> decode(byte[] data) throws BadInputException {
        return decode(GeminiMessageParser.text(data));
    }

    @Override
    public Encoder newEncoder(long startedNanos) {
        return TutorialDialect::encode;
    }

    private static @Nullable OutboundFrame encode(DownstreamMessage message, int turn) {
        if (message instanceof ServerMessage.Audio audio) {
            return new OutboundFrame.MediaInText(new MediaText("{\"audio\":\"", audio.data(), "\"}"));
        }
        String text = switch (message) {
            case ServerMessage server -> encode(server);
            case GatewayMessage gateway -> encode(gateway);
        };
        return text == null ? null : new OutboundFrame.Text(text);
    }

    private static @Nullable String encode(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Text text ->
                text.thought()
                        ? null
                        : JsonText.object().put("text", text.text()).end();
            case ServerMessage.Interrupted _ -> "{\"interrupted\":true}";
            case ServerMessage.TurnComplete _ -> "{\"turn_complete\":true}";
            case ServerMessage.Transcription transcription -> encode(transcription);
            case ServerMessage.Audio _,
                    ServerMessage.OtherPart _,
                    ServerMessage.Grounding _,
                    ServerMessage.ToolCall _,
                    ServerMessage.GenerationComplete _,
                    ServerMessage.Housekeeping _ -> null;
        };
    }

    private static @Nullable String encode(ServerMessage.Transcription transcription) {
        String sender = switch (transcription.source()) {
            case INPUT -> "User";
            case OUTPUT -> "Gemini";
            // These clients append every fragment and can't replace an interim one.
            case INTERIM_INPUT -> null;
        };
        if (sender == null) {
            return null;
        }
        String inner = JsonText.object()
                .put("text", transcription.text())
                .put("sender", sender)
                .put("finished", transcription.finished())
                .end();
        return JsonText.object().putJson("transcription", inner).end();
    }

    private static @Nullable String encode(GatewayMessage message) {
        return switch (message) {
            case GatewayMessage.Problem problem -> {
                String inner = JsonText.object()
                        .put("code", problem.code())
                        .put(
                                "message",
                                problem.remedy() == null
                                        ? problem.message()
                                        : problem.message() + " " + problem.remedy())
                        .end();
                yield JsonText.object().putJson("error", inner).end();
            }
            // The tutorial's pages know nothing of upstream connections.
            case GatewayMessage.Ready _,
                    GatewayMessage.Renewing _,
                    GatewayMessage.Reconnecting _,
                    GatewayMessage.Reconnected _,
                    GatewayMessage.Warning _,
                    GatewayMessage.ResumeOffer _,
                    GatewayMessage.Migrate _,
                    GatewayMessage.Timing _,
                    GatewayMessage.Pong _ -> null;
        };
    }
}
