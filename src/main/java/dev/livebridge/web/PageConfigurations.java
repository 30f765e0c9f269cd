package dev.livebridge.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.agents.AgentTitle;
import dev.livebridge.agents.Agents;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SessionConfig;
import dev.livebridge.message.ModelCapabilities;
import dev.livebridge.message.ModelDirectory;
import io.quarkiverse.web.bundler.runtime.Bundle;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Creates the page's configuration from the service's configuration and the model directory. */
@RegisterForReflection(
        targets = {
            PageConfiguration.class,
            PageConfiguration.Limits.class,
            PageConfiguration.Price.class,
            ModelCapabilities.class,
            AgentTitle.class
        })
@Singleton
final class PageConfigurations {

    /** Path of the client protocol (docs/live-protocol.md). */
    private static final String ENDPOINT = "/live";

    /** Where the page asks whether the person may talk (docs/web-client.md). */
    private static final String SESSION = "/api/session";

    private final LivebridgeConfig config;
    private final ModelDirectory directory;
    private final ObjectMapper json;
    private final CallerAccess access;
    private final AccessRules rules;
    private final Agents agents;
    private final Bundle bundle;

    PageConfigurations(
            LivebridgeConfig config,
            ModelDirectory directory,
            ObjectMapper json,
            CallerAccess access,
            AccessRules rules,
            Agents agents,
            Bundle bundle) {
        this.bundle = bundle;
        this.rules = rules;
        this.agents = agents;
        this.access = access;
        this.config = config;
        this.directory = directory;
        this.json = json;
    }

    PageConfiguration current() {
        String backend = directory.backend();
        SessionConfig session = config.session();
        return new PageConfiguration(
                backend,
                label(backend),
                backend.equals("simulator"),
                ENDPOINT,
                bundle.script("capture"),
                bundle.script("playback"),
                access.required() ? SESSION : "",
                directory.defaultModel(),
                directory.models(),
                access.required() ? List.of() : agents(),
                LaunchMode.current() == LaunchMode.DEVELOPMENT,
                prices(),
                new PageConfiguration.Limits(
                        session.maxMessageBytes(),
                        session.picturesPerSecond(),
                        session.maxDuration().toMillis(),
                        session.idleTimeout().toMillis()));
    }

    /** The prices of the models that the page offers. */
    private Map<String, PageConfiguration.Price> prices() {
        Map<String, PageConfiguration.Price> prices = new TreeMap<>();
        for (ModelCapabilities model : directory.models()) {
            LivebridgeConfig.Price price = config.prices().get(model.id());
            if (price != null) {
                prices.put(model.id(), PageConfiguration.Price.of(price));
            }
        }
        return prices;
    }

    /** The agents of a caller without a credential. */
    private List<AgentTitle> agents() {
        Caller open = new Caller("open:", CallerKind.OPEN, Set.of(), "", null, Caller.DEFAULT_RULE);
        return rules.find(open).map(rule -> agents.titles(rule.permissions())).orElse(List.of());
    }

    /** The configuration as JSON for a {@code script} element: every {@code <} is escaped. */
    String embedded() {
        try {
            return json.writeValueAsString(current()).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String label(String backend) {
        return switch (backend) {
            case "simulator" -> "the built-in simulator";
            default -> "Gemini";
        };
    }
}
