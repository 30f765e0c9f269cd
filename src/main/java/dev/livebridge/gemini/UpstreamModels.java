package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.GeminiModelsClient.Model;
import dev.livebridge.gemini.GeminiModelsClient.Page;
import dev.livebridge.message.ListedModel;
import dev.livebridge.message.ModelListing;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.policy.ClientPolicy.ModelChoice;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The models of the catalogue and of Gemini's own list, as far as the operator's policy allows them. Gemini's list is
 * asked at most once a minute; while Gemini does not answer, its last answer counts.
 *
 * <p>Thread-safe.
 */
@Singleton
public class UpstreamModels implements ModelListing {

    private static final Logger LOG = Logger.getLogger(UpstreamModels.class);

    /** An answer of Gemini is used for this long. */
    static final Duration FRESH = Duration.ofSeconds(60);

    /** After a failure Gemini is not asked for this long. */
    static final Duration RETRY = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int PAGE_SIZE = 1000;
    private static final int MAX_PAGES = 5;

    private final ModelCatalogue catalogue;
    private final ClientPolicy policy;
    private final String configured;
    private final Supplier<List<Model>> gemini;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable List<Model> known;
    private volatile Instant askAgain = Instant.MIN;

    @Inject
    UpstreamModels(
            LivebridgeConfig config,
            ModelCatalogue catalogue,
            ClientPolicy policy,
            BackendChoice backend,
            Credentials credentials,
            ModelsClients clients,
            ClientIdentity identity) {
        this(
                catalogue,
                policy,
                config.gemini().model(),
                () -> {
                    try (GeminiModelsClient client = clients.client(backend.address(), TIMEOUT)) {
                        return all(
                                client,
                                config.gemini().apiVersion(),
                                credentials.apiKey().orElse(GeminiConnector.SIMULATOR_KEY),
                                identity.header());
                    }
                },
                InstantSource.system());
    }

    /**
     * Models of another source.
     *
     * @param configured the operator's model
     * @param gemini Gemini's whole list; throws when there is no answer
     */
    UpstreamModels(
            ModelCatalogue catalogue,
            ClientPolicy policy,
            String configured,
            Supplier<List<Model>> gemini,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.policy = policy;
        this.configured = configured;
        this.gemini = gemini;
        this.clock = clock;
    }

    private static List<Model> all(GeminiModelsClient client, String version, String key, String identity) {
        List<Model> models = new ArrayList<>();
        String next = null;
        for (int i = 0; i < MAX_PAGES; i++) {
            Page page = client.list(version, PAGE_SIZE, next, key, identity);
            if (page == null) {
                throw new IllegalStateException("the list of models has no content");
            }
            models.addAll(Objects.requireNonNullElse(page.models(), List.of()));
            next = page.nextPageToken();
            if (next == null || next.isEmpty()) {
                break;
            }
        }
        return models;
    }

    @Override
    public List<ListedModel> listed() {
        LiveModel first = catalogue.find(catalogue.serving(configured));
        Map<String, ListedModel> own = new LinkedHashMap<>();
        Stream.concat(Stream.of(first), catalogue.models().stream())
                .forEach(model -> own.putIfAbsent(
                        model.id(), new ListedModel(model.id(), model.displayName(), null, null, null, null)));
        List<Model> offered = offered();
        if (offered != null) {
            Map<String, ListedModel> live = live(offered);
            own.keySet().retainAll(live.keySet());
            own.replaceAll((id, _) -> Objects.requireNonNull(live.get(id)));
            live.forEach(own::putIfAbsent);
        }
        return own.values().stream().filter(model -> mayBeNamed(model.id())).toList();
    }

    private static Map<String, ListedModel> live(List<Model> offered) {
        Map<String, ListedModel> live = new LinkedHashMap<>();
        for (Model model : offered) {
            String name = Objects.requireNonNullElse(model.name(), "");
            if (model.live() && ModelCatalogue.isName(name)) {
                String id = ModelCatalogue.bare(name);
                live.putIfAbsent(
                        id,
                        new ListedModel(
                                id,
                                Objects.requireNonNullElse(model.displayName(), id),
                                model.version(),
                                model.description(),
                                model.inputTokenLimit(),
                                model.outputTokenLimit()));
            }
        }
        return live;
    }

    private boolean mayBeNamed(String id) {
        boolean inCatalogue = catalogue.find(id).status() != LiveModel.Status.UNKNOWN;
        return !catalogue.isRetired(id) && policy.choose(id, inCatalogue) == ModelChoice.TAKE;
    }

    /**
     * Gemini's newest list, {@code null} before its first answer. One caller asks; the others get the last list at
     * once, and wait for the answer only if there is none.
     */
    private @Nullable List<Model> offered() {
        if (clock.instant().isBefore(askAgain)) {
            return known;
        }
        if (known == null) {
            asking.lock();
        } else if (!asking.tryLock()) {
            return known;
        }
        try {
            if (!clock.instant().isBefore(askAgain)) {
                ask();
            }
            return known;
        } finally {
            asking.unlock();
        }
    }

    private void ask() {
        try {
            known = List.copyOf(gemini.get());
            askAgain = clock.instant().plus(FRESH);
        } catch (RuntimeException e) {
            // The message may quote an answer; the check at the start tells the operator what is wrong.
            LOG.debugf("the list of models can't be read: %s", e.getClass().getSimpleName());
            askAgain = clock.instant().plus(RETRY);
        }
    }
}
