package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.ModelCapabilities;
import dev.livebridge.message.ModelDirectory;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The models that the page offers, from the {@link ModelCatalogue}. */
@Singleton
public class CatalogueDirectory implements ModelDirectory {

    private final ModelCatalogue catalogue;
    private final BackendChoice backend;
    private final String configured;

    CatalogueDirectory(ModelCatalogue catalogue, BackendChoice backend, LivebridgeConfig config) {
        this.catalogue = catalogue;
        this.backend = backend;
        this.configured = config.gemini().model();
    }

    @Override
    public String backend() {
        return backend.label();
    }

    @Override
    public String defaultModel() {
        return catalogue.serving(configured);
    }

    @Override
    public List<ModelCapabilities> models() {
        LiveModel defaultModel = catalogue.find(defaultModel());
        return Stream.concat(
                        Stream.of(defaultModel),
                        catalogue.models().stream().filter(model -> !model.id().equals(defaultModel.id())))
                .map(this::capabilities)
                .toList();
    }

    @Override
    public ConnectionTraits connectionTraits(String model) {
        return catalogue.find(model).connectionTraits();
    }

    private ModelCapabilities capabilities(LiveModel model) {
        return new ModelCapabilities(
                model.id(),
                model.displayName(),
                model.outputs().contains("AUDIO") ? catalogue.voices() : List.of(),
                // All models of the catalogue detect the language; none lets the client choose it.
                List.of(),
                Objects.requireNonNullElse(model.thinkingLevels(), List.of()),
                model.inputs().contains("TEXT"),
                model.inputs().contains("VIDEO"),
                model.tools() != null && model.tools().contains("googleSearch"),
                model.takesHistory());
    }
}
