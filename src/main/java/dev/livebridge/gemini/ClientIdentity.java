package dev.livebridge.gemini;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How we introduce ourselves to Gemini, which asks integrations to say who they are (gemini-live-api.md section 2.2).
 */
@Singleton
class ClientIdentity {

    private final String header;

    ClientIdentity(
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "dev") String version) {
        header = name + "/" + version;
    }

    /** The value of {@code x-goog-api-client}. */
    String header() {
        return header;
    }
}
