package dev.livebridge.gemini;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The name that the gateway sends to Gemini, as Gemini asks of integrations (gemini-live-api.md section 2.2). */
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
