package dev.livebridge.bridge;

import dev.livebridge.SelfSigned;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets the service listen for TLS beside plain HTTP, with the settings of docs/sdk.md. */
public class TlsListener implements QuarkusTestResourceLifecycleManager {

    private @Nullable Path directory;
    private @Nullable SelfSigned certificate;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("tls-listener");
            SelfSigned made = SelfSigned.create(directory, "service");
            certificate = made;
            return Map.of(
                    "quarkus.http.ssl.certificate.key-store-file",
                    made.keyStore().toString(),
                    "quarkus.http.ssl.certificate.key-store-password",
                    SelfSigned.PASSWORD,
                    "quarkus.http.test-ssl-port",
                    "0");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("there is no certificate", e);
        }
    }

    @Override
    public void stop() {
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new IllegalStateException("the certificate is left", e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(TlsListener.class));
    }

    /** The certificate that clients must trust. */
    Path trustStore() {
        if (certificate == null) {
            throw new IllegalStateException("not started");
        }
        return certificate.trustStore();
    }
}
