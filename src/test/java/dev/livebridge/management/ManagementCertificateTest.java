package dev.livebridge.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.SelfSigned;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PfxOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The management port behind TLS: an operator shows a client certificate, probes show none. */
@QuarkusTest
@WithTestResource(ManagementCertificateTest.Certificates.class)
class ManagementCertificateTest {

    @TestHTTPResource(value = "/", management = true, tls = true)
    URI management;

    @Inject
    Vertx vertx;

    @Inject
    SessionRegistry sessions;

    /** Certificates of the port, of an operator, of a colleague who is none, and of a stranger. */
    public static class Certificates implements QuarkusTestResourceLifecycleManager {

        private static @Nullable Path directory;

        @Override
        public Map<String, String> start() {
            try {
                Path made = Files.createTempDirectory("certificates");
                directory = made;
                SelfSigned port = SelfSigned.create(made, "port");
                SelfSigned operator = SelfSigned.create(made, "operator");
                SelfSigned colleague = SelfSigned.create(made, "colleague");
                SelfSigned.create(made, "stranger");
                return Map.of(
                        "quarkus.management.tls-configuration-name",
                        "management",
                        "quarkus.tls.management.key-store.p12.path",
                        port.keyStore().toString(),
                        "quarkus.tls.management.key-store.p12.password",
                        SelfSigned.PASSWORD,
                        "quarkus.tls.management.trust-store.pem.certs",
                        operator.certificate() + "," + colleague.certificate(),
                        "livebridge.management.operator-certificates",
                        "operator,another-operator");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        static Path keyStore(String name) {
            return Path.of(String.valueOf(directory), name + ".p12");
        }

        @Override
        public void stop() {
            for (String name : new String[] {"port", "operator", "colleague", "stranger"}) {
                for (String end : new String[] {".p12", "-trust.p12", ".pem"}) {
                    Path.of(String.valueOf(directory), name + end).toFile().delete();
                }
            }
            Path.of(String.valueOf(directory)).toFile().delete();
        }
    }

    /** The status, asked with the certificate of that name, or with none when it is empty. */
    private int ask(String certificate, HttpMethod method, String path, String... headers) {
        HttpClientOptions options =
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
        if (!certificate.isEmpty()) {
            options.setKeyCertOptions(new PfxOptions()
                    .setPath(Certificates.keyStore(certificate).toString())
                    .setPassword(SelfSigned.PASSWORD));
        }
        var client = vertx.createHttpClient(options);
        try {
            return client.request(method, management.getPort(), "127.0.0.1", path)
                    .compose(request -> {
                        for (int i = 0; i < headers.length; i += 2) {
                            request.putHeader(headers[i], headers[i + 1]);
                        }
                        return request.send();
                    })
                    .map(HttpClientResponse::statusCode)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            var _ = client.close();
        }
    }

    @Test
    void anOperatorShowsACertificate() {
        assertEquals(200, ask("operator", HttpMethod.GET, "/q/livebridge/sessions"));
        assertEquals(202, ask("operator", HttpMethod.POST, "/q/livebridge/drain"));
        assertTrue(sessions.draining());
        assertEquals(202, ask("operator", HttpMethod.POST, "/q/livebridge/undrain"));
        assertFalse(sessions.draining());
    }

    @ParameterizedTest
    @CsvSource({
        "'', GET, /q/livebridge/sessions",
        "'', POST, /q/livebridge/drain",
        "'', POST, /q/livebridge/undrain",
        "colleague, GET, /q/livebridge/sessions",
        "colleague, POST, /q/livebridge/drain",
        "colleague, POST, /q/livebridge/undrain",
    })
    void othersAreNoOperatorsThoughTheyAreOnThisMachine(String certificate, String method, String path) {
        assertEquals(403, ask(certificate, HttpMethod.valueOf(method), path, "X-Livebridge-Operator", "yes"));
        assertEquals(
                403,
                ask(certificate, HttpMethod.valueOf(method), path, "Authorization", "Bearer operator"),
                "no secret is configured");
        assertFalse(sessions.draining());
    }

    /** A client does not even send a certificate of an issuer that the port did not name; it is as one without any. */
    @Test
    void aCertificateThatIsNotTrustedIsNone() {
        assertEquals(403, ask("stranger", HttpMethod.GET, "/q/livebridge/sessions", "X-Livebridge-Operator", "yes"));
        assertEquals(403, ask("stranger", HttpMethod.POST, "/q/livebridge/drain", "X-Livebridge-Operator", "yes"));
        assertFalse(sessions.draining());
        assertEquals(200, ask("stranger", HttpMethod.GET, "/q/health/live"));
    }

    @ParameterizedTest
    @CsvSource({"/q/health/live", "/q/health/ready", "/q/metrics"})
    void probesAndPrometheusNeedNone(String path) {
        assertEquals(200, ask("", HttpMethod.GET, path));
    }
}
