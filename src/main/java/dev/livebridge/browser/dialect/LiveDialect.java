package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.JsonNormalizer.badShape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.StrictJson;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The protocol of the web client ({@code docs/live-protocol.md}): JSON in text frames, media in binary frames. */
public final class LiveDialect implements Dialect {

    private static final String[] OWN_MEMBERS = {"resume", "ping", "beacon", "auth"};

    private final MemberRules rules;
    private final LongSupplier nanoTime;

    /** The dialect on the system's clock, with the default rules. */
    public LiveDialect() {
        this(MemberRules.DEFAULTS);
    }

    /** The dialect on the system's clock. */
    public LiveDialect(MemberRules rules) {
        this(rules, System::nanoTime);
    }

    LiveDialect(MemberRules rules, LongSupplier nanoTime) {
        this.rules = rules;
        this.nanoTime = nanoTime;
    }

    @Override
    public String label() {
        return "live";
    }

    @Override
    public boolean resumable() {
        return true;
    }

    @Override
    public List<ClientMessage> decodeFirst(String text) throws BadInputException {
        ObjectNode frame = GeminiMessageParser.parse(text);
        if (frame.has("setup") == frame.has("resume")) {
            throw badShape("the first message must hold either a setup or a resume");
        }
        if (frame.has("resume")) {
            return List.of(resume(frame));
        }
        JsonNode variables = frame.path("vars");
        if (isPresent(variables) && !variables.isObject()) {
            throw badShape("vars must be an object");
        }
        frame.remove("vars");
        return read(frame, isPresent(variables) ? StrictJson.write(variables) : null);
    }

    private static ClientMessage resume(ObjectNode frame) throws BadInputException {
        JsonNode token = frame.path("resume").path("token");
        if (!token.isTextual()) {
            throw badShape("resume.token must be a string");
        }
        return new ClientMessage.Resume(token.textValue());
    }

    @Override
    public List<ClientMessage> decode(String text) throws BadInputException {
        List<ClientMessage> media = MediaFastPath.read(Utf8Slice.of(text));
        if (media != null) {
            return media;
        }
        ObjectNode frame = GeminiMessageParser.parse(text);
        if (GeminiMessageParser.hasNothingToPassOn(frame, rules)
                && !frame.has("ping")
                && !frame.has("beacon")
                && !frame.has("auth")) {
            throw badShape("the message holds no known member");
        }
        return read(frame, null);
    }

    @Override
    public boolean binaryIsJson() {
        return false;
    }

    @Override
    public List<ClientMessage> decode(byte[] data) throws BadInputException {
        return List.of(LiveFrame.decode(data));
    }

    @Override
    public Encoder newEncoder(long startedNanos) {
        return new LiveEncoder(startedNanos, nanoTime);
    }

    /** @param variables for the agent, which only a first message has */
    private List<ClientMessage> read(ObjectNode frame, @Nullable String variables) throws BadInputException {
        long received = nanoTime.getAsLong();
        PartialResult result = new PartialResult(rules);
        GeminiMessageParser.readSetup(
                frame, setup -> new ClientMessage.Setup(StrictJson.write(setup), null, null, variables), result);
        GeminiMessageParser.readConversation(frame, result, OWN_MEMBERS);
        result.attempt(() -> {
            JsonNode ping = frame.path("ping");
            if (isPresent(ping)) {
                result.add(new ClientMessage.Ping(number(ping, "ping", "t"), received));
            }
        });
        result.attempt(() -> {
            JsonNode beacon = frame.path("beacon");
            if (isPresent(beacon)) {
                result.add(beacon(beacon));
            }
        });
        result.attempt(() -> {
            JsonNode auth = frame.path("auth");
            if (isPresent(auth)) {
                result.add(auth(auth));
            }
        });
        return result.finish();
    }

    private static ClientMessage.Auth auth(JsonNode auth) throws BadInputException {
        JsonNode token = auth.path("token");
        if (!token.isTextual()) {
            throw badShape("auth.token must be a string");
        }
        return new ClientMessage.Auth(token.textValue());
    }

    private static ClientMessage.Beacon beacon(JsonNode beacon) throws BadInputException {
        return new ClientMessage.Beacon(
                (int) amount(beacon, "turn"),
                amount(beacon, "firstSoundMs"),
                isPresent(beacon.path("interruptSilenceMs")) ? amount(beacon, "interruptSilenceMs") : null,
                isPresent(beacon.path("underruns")) ? (int) amount(beacon, "underruns") : null);
    }

    private static double amount(JsonNode beacon, String member) throws BadInputException {
        double value = number(beacon, "beacon", member);
        if (value < 0) {
            throw badShape("beacon." + member + " must not be negative");
        }
        return value;
    }

    private static double number(JsonNode object, String path, String member) throws BadInputException {
        JsonNode value = object.path(member);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw badShape(path + "." + member + " must be a number");
        }
        return value.doubleValue();
    }

    private static boolean isPresent(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }
}
