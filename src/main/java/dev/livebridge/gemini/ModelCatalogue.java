package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The models we know, as data: {@code gemini/models.json}. */
@Singleton
public class ModelCatalogue {

    private static final String RESOURCE = "/gemini/models.json";
    private static final String PREFIX = "models/";
    private static final Pattern NAME = Pattern.compile("(" + PREFIX + ")?[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Contents contents;

    @RegisterForReflection
    record Contents(String source, List<String> voices, List<String> retired, List<LiveModel> models) {}

    /** Reads the data. */
    public ModelCatalogue() {
        try (InputStream data = ModelCatalogue.class.getResourceAsStream(RESOURCE)) {
            contents = new ObjectMapper().readValue(data, Contents.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The model catalogue " + RESOURCE + " can't be read", unreadable);
        }
    }

    /** Finds a model by its id, with or without {@code models/}; one we do not know is {@link LiveModel#unknown}. */
    LiveModel find(String name) {
        String id = bare(name);
        return contents.models().stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseGet(() -> LiveModel.unknown(id));
    }

    /** Whether Gemini has switched this model off. */
    boolean isRetired(String name) {
        return contents.retired().contains(bare(name));
    }

    /** The models one can talk to, the recommended first. */
    List<LiveModel> models() {
        return contents.models();
    }

    /** The names Gemini no longer serves. */
    List<String> retired() {
        return contents.retired();
    }

    /** The model to take when there is no reason for another. */
    LiveModel recommended() {
        return contents.models().getFirst();
    }

    /** Names of the prebuilt voices. */
    List<String> voices() {
        return contents.voices();
    }

    /** The voice of this name in Gemini's spelling, whatever the letter case. */
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
