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
    static final int MAX_CHARACTERS = 16 * 1024;

    /** Differs from the version of resume tokens, so that neither can be used as the other. */
    private static final byte VERSION = 2;

    private final Sealing sealing;
    private final InstantSource clock;

    /**
     * A resumption handle with its model.
     *
     * @param handle Gemini's handle
     * @param model the model that issued it, without prefix
     */
    public record Handle(String handle, String model) {

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
     * @param sealed input of the client; may be anything
     * @throws ResumeRefusedException if this service did not seal it, or it has expired
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
