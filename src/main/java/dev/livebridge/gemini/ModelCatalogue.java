package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The known models, as data: {@code gemini/models.json}. */
@Singleton
public class ModelCatalogue {

    private static final String RESOURCE = "/gemini/models.json";
    private static final String PREFIX = "models/";
    private static final Pattern NAME = Pattern.compile("(" + PREFIX + ")?[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final String NEVER = "never";

    /** A retirement that is nearer than this is warned about at start. */
    private static final int WARNING_DAYS = 30;

    private final Contents contents;
    private final Map<String, Retirement> retirements = new HashMap<>();
    private final Clock clock;

    @RegisterForReflection
    record Contents(String source, List<String> voices, List<Retirement> retirements, List<LiveModel> models) {}

    /**
     * Reads the data, and the operator's own dates.
     *
     * @throws ConfigurationException when a date of the operator is none
     */
    @Inject
    public ModelCatalogue(LivebridgeConfig config) {
        this(config.models(), Clock.systemUTC());
    }

    ModelCatalogue(Map<String, LivebridgeConfig.Model> overrides, Clock clock) {
        this.clock = clock;
        try (InputStream data = ModelCatalogue.class.getResourceAsStream(RESOURCE)) {
            contents = new ObjectMapper().readValue(data, Contents.class);
        } catch (IOException e) {
            throw new UncheckedIOException("The model catalogue " + RESOURCE + " can't be read", e);
        }
        contents.retirements().forEach(retirement -> retirements.put(retirement.model(), retirement));
        overrides.forEach((name, model) -> model.retires().ifPresent(date -> retire(bare(name), date.strip())));
    }

    private void retire(String id, String date) {
        @Nullable Retirement known = retirements.remove(id);
        if (!date.equals(NEVER)) {
            try {
                retirements.put(id, new Retirement(id, date, known == null ? null : known.successor()));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(
                        "livebridge.models.\"" + id + "\".retires must be a date like" + " 2026-11-17, or never.");
            }
        }
    }

    /**
     * Finds a model by its id, with or without {@code models/}; a model that is not in it is {@link LiveModel#unknown}.
     */
    LiveModel find(String name) {
        String id = bare(name);
        return contents.models().stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseGet(() -> LiveModel.unknown(id));
    }

    /** Whether Gemini has switched this model off by today. */
    boolean isRetired(String name) {
        Retirement retirement = retirements.get(bare(name));
        return retirement != null && retirement.isOver(today());
    }

    /**
     * The id of the model that answers for one that is switched off.
     *
     * @param name of a retired model
     * @param configured the operator's model, which answers where Gemini names no successor
     */
    String successor(String name, String configured) {
        Retirement retirement = retirements.get(bare(name));
        String successor = retirement == null ? null : retirement.successor();
        return successor == null || isRetired(successor) ? serving(configured) : successor;
    }

    /** The id of the operator's model, or of the model that answers for it once Gemini has switched it off. */
    String serving(String configured) {
        String id = bare(configured);
        Retirement retirement = retirements.get(id);
        if (retirement == null || !retirement.isOver(today())) {
            return id;
        }
        String successor = retirement.successor();
        return successor == null || isRetired(successor) ? recommended().id() : successor;
    }

    /**
     * A warning for the operator about the retirement of the configured model.
     *
     * @return a sentence; empty while the retirement is far away
     */
    Optional<String> retirementNotice(String configured) {
        Retirement retirement = retirements.get(bare(configured));
        if (retirement == null || today().plusDays(WARNING_DAYS).isBefore(retirement.day())) {
            return Optional.empty();
        }
        String since = retirement.date() == null ? "" : " on " + retirement.date();
        String successor = retirement.successor() == null ? recommended().id() : retirement.successor();
        return Optional.of(
                isRetired(configured)
                        ? "The configured model " + retirement.model() + " was switched off" + since + "; "
                                + serving(configured) + " answers instead. Set livebridge.gemini.model."
                        : "Gemini switches off the configured model " + retirement.model() + since + "; from then on "
                                + successor + " answers. Set livebridge.gemini.model to try it before.");
    }

    /** The models that Gemini serves today, the recommended one first. */
    List<LiveModel> models() {
        return contents.models().stream()
                .filter(model -> !isRetired(model.id()))
                .toList();
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    /** The recommended model. */
    LiveModel recommended() {
        return contents.models().getFirst();
    }

    /** Names of the prebuilt voices. */
    List<String> voices() {
        return contents.voices();
    }

    /** The voice of this name in Gemini's spelling; the letter case is ignored. */
    Optional<String> voice(String name) {
        return contents.voices().stream()
                .filter(voice -> voice.equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether this could be a model's name, with or without {@code models/}. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** A model's name without {@code models/}. */
    static String bare(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }
}
