package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Seals the model's resumption handles for clients of Gemini's own wire. All conversations share the operator's
 * account, on which a bare handle opens the conversation to its every holder; a sealed one opens it through this
 * service only, on any instance that has the keys, and only what this service sealed is opened.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
public class HandleSealer {

    /** As long as the service keeps a session that has ended (gemini-live-api.md section 9). */
    static final Duration LIFETIME = Duration.ofHours(2);

    /** The longest sealed handle there is; anything longer is refused unread. */
    static final int MAX_CHARACTERS = 16 * 1024;

    /** Not that of resume tokens: neither is good for the other's purpose. */
    private static final byte VERSION = 2;

    private final Sealing sealing;
    private final InstantSource clock;

    /**
     * A handle with what belongs to it.
     *
     * @param handle the model's own
     * @param model the model that gave it, without prefix
     */
    public record Handle(String handle, String model) {

        /** Tells nothing of the handle. */
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
        return sealing.seal(JsonText.object()
                .put("handle", handle.handle())
                .put("model", handle.model())
                .put("exp", clock.instant().plus(LIFETIME).toEpochMilli())
                .end()
                .getBytes(UTF_8));
    }

    /**
     * Opens a handle.
     *
     * @param sealed as the client sent it; anything at all
     * @throws ResumeRefusedException for everything that this service did not seal, or too long ago
     */
    public Handle open(String sealed) throws ResumeRefusedException {
        JsonNode content;
        try {
            content = StrictJson.read(new String(sealing.open(sealed, MAX_CHARACTERS), UTF_8));
        } catch (MalformedJsonException e) {
            throw new ResumeRefusedException(Reason.MALFORMED);
        }
        if (!clock.instant().isBefore(Instant.ofEpochMilli(content.path("exp").asLong()))) {
            throw new ResumeRefusedException(Reason.EXPIRED);
        }
        return new Handle(content.path("handle").asText(), content.path("model").asText());
    }
}
