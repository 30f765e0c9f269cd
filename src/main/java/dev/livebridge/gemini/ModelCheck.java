package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.GeminiModelsClient.Model;
import dev.livebridge.gemini.GeminiModelsClient.Page;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.UpstreamEnd;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Checks key and model once after the start, over REST, and logs the result: more precise than a close code, and before
 * the first session. It never fails the start, because Gemini may recover before the first session.
 */
@Singleton
public class ModelCheck {

    private static final Logger LOG = Logger.getLogger(ModelCheck.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int PAGE_SIZE = 1000;
    private static final int OK = 200;

    private final LivebridgeConfig config;
    private final BackendChoice backend;
    private final Credentials credentials;
    private final OutboundProxy proxies;
    private final ModelsClients clients;
    private final CloseCodes closeCodes;
    private final ModelCatalogue catalogue;
    private final ClientIdentity identity;
    private volatile Verdict verdict = new Verdict(Outcome.UNKNOWN, "Gemini has not been asked.");

    ModelCheck(
            LivebridgeConfig config,
            BackendChoice backend,
            Credentials credentials,
            OutboundProxy proxies,
            ModelsClients clients,
            CloseCodes closeCodes,
            ModelCatalogue catalogue,
            ClientIdentity identity) {
        this.config = config;
        this.backend = backend;
        this.credentials = credentials;
        this.proxies = proxies;
        this.clients = clients;
        this.closeCodes = closeCodes;
        this.catalogue = catalogue;
        this.identity = identity;
    }

    /** The result of the check. */
    public enum Outcome {
        /** Not asked: the simulator answers, or Gemini has not replied yet. */
        UNKNOWN,
        /** A conversation can be expected to begin. */
        OK,
        /** Conversations will fail until the operator acts. */
        PROBLEM
    }

    /**
     * The finding.
     *
     * @param outcome the result of the check
     * @param message a sentence for the operator, free of secrets
     */
    public record Verdict(Outcome outcome, String message) {}

    /** The finding so far. */
    public Verdict verdict() {
        return verdict;
    }

    void onStart(@Observes StartupEvent event) {
        catalogue.retirementNotice(config.gemini().model()).ifPresent(LOG::warn);
        if (backend.backend() == LivebridgeConfig.Backend.GEMINI) {
            Thread.ofVirtual().name("livebridge-model-check").start(this::report);
        }
    }

    private void report() {
        Verdict learnt = ask(backend.address());
        verdict = learnt;
        switch (learnt.outcome()) {
            case OK -> LOG.infof("model check: %s", learnt.message());
            case UNKNOWN, PROBLEM -> LOG.warnf("model check: conversations will fail. %s", learnt.message());
        }
    }

    /** Asks the service at this address; blocks until it answers or a time limit passes. */
    Verdict ask(URI address) {
        try (GeminiModelsClient client = clients.client(address, TIMEOUT)) {
            return ask(client);
        } catch (ProcessingException e) {
            return problem(closeCodes.translate(e, proxies.to(address)).message());
        }
    }

    private Verdict ask(GeminiModelsClient client) {
        String id = catalogue.serving(config.gemini().model());
        @Nullable Model model;
        try {
            model = client.get(config.gemini().apiVersion(), id, key(), identity.header());
        } catch (WebApplicationException e) {
            UpstreamEnd end = refusal(e);
            boolean other = end.cause() == EndCause.UPSTREAM_MODEL;
            return problem(other ? end.message() + " " + choices(client) : end.message());
        }
        if (model == null) {
            return problem(closeCodes.translateHttp(OK, null).message());
        }
        String name = Objects.requireNonNullElse(model.displayName(), id);
        return model.live()
                ? new Verdict(Outcome.OK, "The key is good, and " + name + " (" + id + ") takes live conversations.")
                : problem("Gemini does not offer " + name + " (" + id + ") for live conversations. " + choices(client));
    }

    /** Values that the operator can set instead. */
    private String choices(GeminiModelsClient client) {
        @Nullable Page page;
        try {
            page = client.list(config.gemini().apiVersion(), PAGE_SIZE, null, key(), identity.header());
        } catch (WebApplicationException e) {
            return "The models of the key can't be listed: " + refusal(e).message();
        }
        List<Model> models = page == null || page.models() == null ? List.of() : page.models();
        List<String> live = models.stream()
                .filter(Model::live)
                .map(model -> ModelCatalogue.bare(Objects.requireNonNullElse(model.name(), "")))
                .filter(ModelCatalogue::isName)
                .toList();
        return live.isEmpty()
                ? "The key gives access to no model for live conversations."
                : "The key gives access to " + String.join(", ", live) + ".";
    }

    private String key() {
        return credentials.apiKey().orElse("");
    }

    private UpstreamEnd refusal(WebApplicationException refused) {
        try (Response response = refused.getResponse()) {
            // A success that is no model in JSON is thrown as well; its body has been read by then.
            boolean readable = response.getStatus() != OK && response.hasEntity();
            return closeCodes.translateHttp(response.getStatus(), readable ? response.readEntity(String.class) : null);
        }
    }

    private static Verdict problem(String message) {
        return new Verdict(Outcome.PROBLEM, message);
    }
}
