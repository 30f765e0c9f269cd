package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.CloseCodes.Phase;
import dev.livebridge.gemini.GeminiModelsClient.Model;
import dev.livebridge.session.UpstreamEnd;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks Gemini once after the start whether key and model are good, and says so in the log. A closed socket would tell
 * less, and only when the first person wants to talk. Never fails the start: Gemini may be back before anybody calls.
 */
@Singleton
public class ModelCheck {

    private static final Logger LOG = Logger.getLogger(ModelCheck.class);
    private static final long TIMEOUT_SECONDS = 10;

    private final LivebridgeConfig config;
    private final BackendChoice backend;
    private final Credentials credentials;
    private final CloseCodes closeCodes;
    private final ClientIdentity identity;

    ModelCheck(
            LivebridgeConfig config,
            BackendChoice backend,
            Credentials credentials,
            CloseCodes closeCodes,
            ClientIdentity identity) {
        this.config = config;
        this.backend = backend;
        this.credentials = credentials;
        this.closeCodes = closeCodes;
        this.identity = identity;
    }

    void onStart(@Observes StartupEvent event) {
        if (backend.backend() == LivebridgeConfig.Backend.GEMINI) {
            Thread.ofVirtual().name("livebridge-model-check").start(this::report);
        }
    }

    private void report() {
        String model = config.gemini().model();
        Verdict verdict = ask(backend.address());
        if (verdict.good()) {
            LOG.infof("model check: key and model %s are good", model);
        } else {
            LOG.warnf("model check: conversations will fail with model %s. %s", model, verdict.message());
        }
    }

    /**
     * What was learnt.
     *
     * @param good whether a conversation can be expected to begin
     * @param message for the operator when not
     */
    record Verdict(boolean good, String message) {}

    /** Asks the service at this address; blocks until it answers or a time limit passes. */
    Verdict ask(URI address) {
        GeminiModelsClient client = QuarkusRestClientBuilder.newBuilder()
                .baseUri(httpAddress(address))
                .connectTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .readTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build(GeminiModelsClient.class);
        try {
            Model model = client.get(
                    config.gemini().apiVersion(),
                    config.gemini().model(),
                    credentials.apiKey().orElse(""),
                    identity.header());
            return model.live()
                    ? new Verdict(true, "")
                    : new Verdict(false, "Gemini knows the model, but does not offer it for live conversations.");
        } catch (WebApplicationException refused) {
            int status = refused.getResponse().getStatus();
            String body =
                    refused.getResponse().hasEntity() ? refused.getResponse().readEntity(String.class) : "";
            UpstreamEnd end = closeCodes.translate(status, body, Phase.BEFORE_SETUP_COMPLETE);
            return new Verdict(false, end.message());
        } catch (ProcessingException unreachable) {
            Throwable cause = unreachable.getCause() == null ? unreachable : unreachable.getCause();
            return new Verdict(false, closeCodes.translate(cause).message());
        }
    }

    private static URI httpAddress(URI address) {
        String text = address.toString();
        return text.startsWith("ws") ? URI.create("http" + text.substring(2)) : address;
    }
}
