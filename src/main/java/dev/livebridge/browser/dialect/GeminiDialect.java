package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.JsonNormalizer.badShape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.StrictJson;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.resumption.HandleOwner;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumeRefusedException;
import java.util.List;

/**
 * The Gemini Live API itself, so that an official SDK needs only another base URL (gemini-live-api.md sections 3 to 6
 * and 13). Reads text and binary frames; writes binary frames that hold JSON, like Gemini.
 *
 * <p>Like Gemini it has no error message: a fault closes the connection, and the close frame gives the reason.
 */
public final class GeminiDialect implements Dialect {

    /** Gemini's own close reason (gemini-live-api.md section 11). */
    private static final String INVALID_HANDLE = "Invalid session handle";

    private final MemberRules rules;
    private final HandleSealer handles;
    private final SetupLock lock;
    private final HandleOwner owner;

    /**
     * The dialect at a service that requires no credential.
     *
     * @param handles seals the model's resumption handles for clients and opens the handles that clients send
     */
    public GeminiDialect(MemberRules rules, HandleSealer handles) {
        this(rules, handles, SetupLock.NONE, HandleOwner.NONE);
    }

    /**
     * The dialect for one caller.
     *
     * @param lock of its ephemeral token
     * @param owner of the handles that it gets
     */
    public GeminiDialect(MemberRules rules, HandleSealer handles, SetupLock lock, HandleOwner owner) {
        this.rules = rules;
        this.handles = handles;
        this.lock = lock;
        this.owner = owner;
    }

    @Override
    public String label() {
        return "gemini";
    }

    @Override
    public boolean badInputIsFatal() {
        return true;
    }

    @Override
    public boolean endsByCloseFrameOnly() {
        return true;
    }

    @Override
    public boolean cutsSamples() {
        return true;
    }

    @Override
    public List<ClientMessage> decodeFirst(String text) throws BadInputException {
        ObjectNode frame = GeminiMessageParser.parse(text);
        if (!frame.has("setup")) {
            throw badShape("setup must be the first message and only the first");
        }
        PartialResult result = new PartialResult(rules);
        GeminiMessageParser.readSetup(frame, this::setup, result);
        return result.finish();
    }

    /** Accepts only sealed handles: the model's own handles never leave the service. */
    private ClientMessage setup(ObjectNode requested) throws BadInputException {
        ObjectNode setup = lock.apply(requested);
        JsonNode handle = setup.path("sessionResumption").path("handle");
        if (!handle.isMissingNode() && !handle.isNull() && !handle.isTextual()) {
            throw badShape("setup.sessionResumption.handle must be a string");
        }
        if (handle.asText("").isEmpty()) {
            return new ClientMessage.Setup(StrictJson.write(setup));
        }
        HandleSealer.Handle opened;
        try {
            opened = handles.open(handle.textValue());
        } catch (ResumeRefusedException e) {
            throw invalidHandle();
        }
        if (!opened.owner().admits(owner)) {
            throw invalidHandle();
        }
        setup.withObjectProperty("sessionResumption").remove("handle");
        return new ClientMessage.Setup(
                StrictJson.write(setup),
                new ClientMessage.Resumption(
                        opened.handle(),
                        opened.model(),
                        opened.agent(),
                        opened.owner().token()));
    }

    private static BadInputException invalidHandle() {
        return new BadInputException("bad_handle", INVALID_HANDLE, List.of());
    }

    @Override
    public List<ClientMessage> decode(String text) throws BadInputException {
        List<ClientMessage> media = MediaFastPath.read(Utf8Slice.of(text));
        if (media != null) {
            return media;
        }
        ObjectNode frame = GeminiMessageParser.parse(text);
        if (frame.has("setup")) {
            throw badShape("setup must be the first message and only the first");
        }
        if (GeminiMessageParser.hasNothingToPassOn(frame, rules)) {
            throw badShape("the message holds no known member");
        }
        JsonNode update = frame.get("contextUpdate");
        if (update != null) {
            lock.checkUpdate(JsonNormalizer.of(update, GeminiSchema.CONTEXT_UPDATE, "contextUpdate"));
        }
        PartialResult result = new PartialResult(rules, true);
        GeminiMessageParser.readConversation(frame, result);
        return result.finish();
    }

    @Override
    public List<ClientMessage> decode(byte[] data) throws BadInputException {
        return decode(GeminiMessageParser.text(data));
    }

    @Override
    public Encoder newEncoder(long startedNanos) {
        return new GeminiEncoder(handles, owner);
    }
}
