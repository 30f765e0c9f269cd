package dev.livebridge.web;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.Backend;
import dev.livebridge.session.ModelCapabilities;
import dev.livebridge.session.ModelDirectory;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** Knows only the configured model, and asks nothing of it that not every model can do. */
@Singleton
@DefaultBean
final class DefaultModelDirectory implements ModelDirectory {

    private final LivebridgeConfig config;

    DefaultModelDirectory(LivebridgeConfig config) {
        this.config = config;
    }

    @Override
    public String backend() {
        Backend whenKeyDecides = config.gemini().apiKey().isPresent() ? Backend.GEMINI : Backend.SIMULATOR;
        return config.upstream().backend().orElse(whenKeyDecides).name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String defaultModel() {
        return config.gemini().model();
    }

    @Override
    public List<ModelCapabilities> models() {
        String model = defaultModel();
        return List.of(new ModelCapabilities(model, model, List.of(), List.of(), List.of(), true, true, false, false));
    }
}
