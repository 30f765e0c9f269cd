package dev.livebridge.gemini;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.gemini.ModelCheck.Outcome;
import dev.livebridge.gemini.ModelCheck.Verdict;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The default TLS configuration is enough for a private CA, and what is on this machine is reached without the proxy of
 * the environment.
 */
@QuarkusTest
@WithTestResource(value = PrivateGemini.class, initArgs = @ResourceArg(name = "way", value = "direct"))
class PrivateCertificateTest {

    @Inject
    ModelCheck check;

    @Inject
    Vertx vertx;

    @TestHTTPResource("/")
    URI server;

    @SuppressWarnings("NullAway.Init") // set by the resource itself
    PrivateGemini gemini;

    @Test
    void theDefaultConfigurationIsTrustedByBoth() throws Exception {
        await().until(() -> check.verdict().outcome() != Outcome.UNKNOWN);

        String answer = FirstMessage.of(vertx, server);

        assertEquals(Outcome.OK, check.verdict().outcome(), check.verdict().message());
        assertTrue(answer.contains("\"ready\""), answer);
        assertEquals(List.of(), gemini.proxy().requests());
    }

    @Test
    void anotherCertificateIsNotTrusted() {
        Verdict verdict = check.ask(URI.create("https://127.0.0.1:" + gemini.untrustedPort()));

        assertTrue(verdict.message().startsWith("No trusted TLS connection to Gemini."), verdict.message());
    }
}
