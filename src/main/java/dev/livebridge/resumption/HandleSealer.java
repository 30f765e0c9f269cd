package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Seals the model's resumption handles for clients of the Gemini dialect. All sessions share the operator's account, so
 * a plain handle would open its conversation to every holder. A sealed handle works only through this service, on any
 * instance that has the keys.
 *
 * <p>Thread-safe.
 */
@Singleton
public class HandleSealer {

    /** The time for which Gemini keeps an ended session (gemini-live-api.md section 9). */
    static final Duration LIFETIME = Duration.ofHours(2);

    /** Maximum length of a sealed handle; longer input is refused without decoding. */
    static final int MAX_CHARACTERS = 66 * 1024;

    /** Maximum size of the content; an agent has at most 32 KiB. */
    static final int MAX_BYTES = 48 * 1024;

    /** Differs from the version of resume tokens, so that neither can be used as the other. */
    private static final byte VERSION = 2;

    /** First byte of a content that is deflated. */
    private static final byte DEFLATED = 1;

    private final Sealing sealing;
    private final InstantSource clock;

    /**
     * A resumption handle with its model.
     *
     * @param handle Gemini's handle
     * @param model the model that issued it, without prefix
     * @param agent of the conversation, {@code null} without one
     * @param owner the caller of the conversation
     */
    public record Handle(
            String handle, String model, @Nullable AgentSetup agent, HandleOwner owner) {

        /** A handle of a conversation without an agent, at a service that requires no credential. */
        public Handle(String handle, String model) {
            this(handle, model, null, HandleOwner.NONE);
        }

        /** Omits the handle. */
        @Override
        public String toString() {
            return "Handle[" + model + "]";
        }
    }

    /** A sealer on the system's clock. */
    @Inject
    public HandleSealer(ResumptionKeys keys) {
        this(keys, InstantSource.system());
    }

    HandleSealer(ResumptionKeys keys, InstantSource clock) {
        this.sealing = new Sealing(keys, VERSION);
        this.clock = clock;
    }

    /** Seals a handle. */
    public String seal(Handle handle) {
        JsonText content = JsonText.object()
                .put("handle", handle.handle())
                .put("model", handle.model())
                .put("exp", clock.instant().plus(LIFETIME).toEpochMilli());
        putIfPresent(content, "sub", handle.owner().subject());
        putIfPresent(content, "token", handle.owner().token());
        putIfPresent(content, "lock", handle.owner().lock());
        if (handle.agent() == null) {
            return sealing.seal(content.end().getBytes(UTF_8));
        }
        // Only an agent makes it large. The first byte of the other form is a brace.
        byte[] deflated = Deflated.of(content.putJson("agent", AgentContent.write(handle.agent()))
                .end()
                .getBytes(UTF_8));
        byte[] marked = new byte[deflated.length + 1];
        marked[0] = DEFLATED;
        System.arraycopy(deflated, 0, marked, 1, deflated.length);
        return sealing.seal(marked);
    }

    /**
     * Opens a handle.
     *
     * @param sealed input of the client; not validated
     * @throws ResumeRefusedException if this service did not seal it, or it has expired
     */
    public Handle open(String sealed) throws ResumeRefusedException {
        JsonNode content;
        try {
            byte[] opened = sealing.open(sealed, MAX_CHARACTERS);
            boolean deflated = opened.length > 0 && opened[0] == DEFLATED;
            content = StrictJson.read(new String(
                    deflated ? Deflated.inflate(Arrays.copyOfRange(opened, 1, opened.length), MAX_BYTES) : opened,
                    UTF_8));
        } catch (MalformedJsonException | DataFormatException e) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        if (!clock.instant().isBefore(Instant.ofEpochMilli(content.path("exp").asLong()))) {
            throw new ResumeRefusedException(Reason.EXPIRED);
        }
        return new Handle(
                content.path("handle").asText(),
                content.path("model").asText(),
                AgentContent.read(content.path("agent")),
                new HandleOwner(text(content, "sub"), text(content, "token"), text(content, "lock")));
    }

    private static void putIfPresent(JsonText content, String member, @Nullable String value) {
        if (value != null) {
            content.put(member, value);
        }
    }

    private static @Nullable String text(JsonNode content, String member) {
        return content.path(member).textValue();
    }
}
