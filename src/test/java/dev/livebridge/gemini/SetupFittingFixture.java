package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.Map;

/** Fits setups of clients to models. JSON is written with single quotes. */
final class SetupFittingFixture {

    static final String V38 = "'model':'models/gemini-3.8-live'";
    static final String V31 = "'model':'models/gemini-3.1-flash-live-preview'";
    static final String V25 = "'model':'models/gemini-2.5-flash-native-audio-latest'";
    static final String TRANSCRIBE = "'model':'models/gemini-3.5-transcribe-live'";

    /** A model that the catalogue does not list. */
    static final String NEW = "'model':'models/gemini-9-live'";

    static final String AUDIO = "'generationConfig':{'responseModalities':['AUDIO']}";

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES);
    private static final ModelCatalogue CATALOGUE = Settings.catalogue();

    private SetupFittingFixture() {}

    static Negotiated fit(String setup) throws UpstreamRefusedException {
        return fit(setup, Map.of());
    }

    static Negotiated fit(String setup, Map<String, String> settings) throws UpstreamRefusedException {
        return fit(setup, settings, Permissions.ALL);
    }

    static Negotiated fit(String setup, Map<String, String> settings, Permissions permissions)
            throws UpstreamRefusedException {
        return fit(CATALOGUE, setup, settings, permissions);
    }

    static Negotiated fit(ModelCatalogue catalogue, String setup, Map<String, String> settings)
            throws UpstreamRefusedException {
        return fit(catalogue, setup, settings, Permissions.ALL);
    }

    private static Negotiated fit(
            ModelCatalogue catalogue, String setup, Map<String, String> settings, Permissions permissions)
            throws UpstreamRefusedException {
        LivebridgeConfig config = Settings.livebridge(settings);
        return new SetupFitting(catalogue, config.gemini(), new ClientPolicy(config), permissions)
                .fit(new ClientMessage.Setup(json(setup)), new Continuation.New(), "gemini")
                .negotiated();
    }

    /** Why a setup is refused. */
    static UpstreamEnd refusal(String setup) {
        return assertThrows(UpstreamRefusedException.class, () -> fit(setup)).end();
    }

    static void assertGoesUp(String expected, Negotiated actual) throws JsonProcessingException {
        assertEquals(JSON.readTree(expected), JSON.readTree(actual.setup()));
    }

    private static String json(String setup) {
        try {
            return JSON.readTree(setup).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(setup, e);
        }
    }
}
