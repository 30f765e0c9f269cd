package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.JsonNormalizer.badShape;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire of the tutorial's pages: text frames, Gemini's vocabulary up, <code>{"text":"…"}</code> and <code>
 * {"audio":"…"}</code> down.
 *
 * <p>Those two stay strings at top level for ever. Everything else that goes down ({@code interrupted},
 * {@code turn_complete}, {@code transcription}, {@code error}) was added for clients that know; old pages ignore it.
 */
public final class TutorialDialect implements Dialect {

    private static final String NO_SETTINGS = "{}";

    private final MemberRules rules;

    /** The dialect with what is allowed by default. */
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

    /** A first frame without {@code setup} asks for nothing special and is read like any other. */
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
        List<ClientMessage> media = MediaFastPath.read(text);
        if (media != null) {
            return media;
        }
        ObjectNode frame = GeminiMessageParser.parse(text);
        if (GeminiMessageParser.hasNoKnownMember(frame)) {
            throw badShape("the message holds nothing that is known");
        }
        PartialResult result = new PartialResult(rules);
        GeminiMessageParser.readSetup(frame, result);
        GeminiMessageParser.readConversation(frame, result);
        return result.finish();
    }

    /** Takes a binary frame for the same JSON. */
    @Override
    public List<ClientMessage> decode(byte[] data) throws BadInputException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException("bad_json", "the binary frame is not UTF-8", List.of());
        }
        return decode(text);
    }

    @Override
    public Encoder newEncoder(long startedNanos) {
        return TutorialDialect::encode;
    }

    private static @Nullable OutboundFrame encode(DownstreamMessage message, int turn) {
        String text = switch (message) {
            case ServerMessage server -> encode(server);
            case GatewayMessage gateway -> encode(gateway);
        };
        return text == null ? null : new OutboundFrame.Text(text);
    }

    private static @Nullable String encode(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Audio audio -> "{\"audio\":\"" + audio.data().text() + "\"}";
            case ServerMessage.Text text ->
                text.thought()
                        ? null
                        : JsonText.object().put("text", text.text()).end();
            case ServerMessage.Interrupted _ -> "{\"interrupted\":true}";
            case ServerMessage.TurnComplete _ -> "{\"turn_complete\":true}";
            case ServerMessage.Transcription transcription -> encode(transcription);
            case ServerMessage.OtherPart _,
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
            // These clients append every fragment; a preliminary one would stand there for good.
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
            // Its pages know one connection; that there are several behind it is nothing they could show.
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
