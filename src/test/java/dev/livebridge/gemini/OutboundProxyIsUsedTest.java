package dev.livebridge.gemini;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.gemini.ModelCheck.Outcome;
import dev.livebridge.gemini.ModelCheck.Verdict;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of key and model, and conversations, take the same way out: a proxy, and a private CA behind it. */
@QuarkusTest
@WithTestResource(value = PrivateGemini.class, initArgs = @ResourceArg(name = "way", value = "proxy"))
class OutboundProxyIsUsedTest {

    private static final URI GEMINI = URI.create("https://" + PrivateGemini.HOST);

    @Inject
    ModelCheck check;

    @Inject
    Vertx vertx;

    @TestHTTPResource("/")
    URI server;

    @SuppressWarnings("NullAway.Init") // set by the resource itself
    PrivateGemini gemini;

    @BeforeEach
    void afterTheCheckAtTheStart() {
        await().until(() -> check.verdict().outcome() != Outcome.UNKNOWN);
        gemini.proxy().refuses(0);
        gemini.proxy().leadsTo(gemini.trustedPort());
        gemini.proxy().requests().clear();
        gemini.keys().clear();
        gemini.paths().clear();
    }

    @Test
    void bothGoThroughTheProxyAndTheKeyStaysInsideTheTunnel() throws Exception {
        // When
        Verdict verdict = check.ask(GEMINI);
        String answer = FirstMessage.of(vertx, server);

        // Then
        assertEquals(Outcome.OK, verdict.outcome(), verdict.message());
        assertTrue(answer.contains("\"ready\""), answer);
        assertEquals(List.of(PrivateGemini.KEY, PrivateGemini.KEY), gemini.keys());
        assertTrue(
                gemini.paths().getFirst().endsWith("/models/gemini-3.8-live"),
                gemini.paths().toString());
        assertTrue(
                gemini.paths().getLast().endsWith(".BidiGenerateContent"),
                gemini.paths().toString());
        Set<String> asked = new HashSet<>();
        for (String request : gemini.proxy().requests()) {
            asked.add(request.lines().findFirst().orElse(""));
            assertFalse(request.contains(PrivateGemini.KEY), request);
        }
        // The client sends one request without credentials, gets 407, and repeats it.
        assertEquals(Set.of("CONNECT " + PrivateGemini.HOST + ":443 HTTP/1.1"), asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "407 | refused the user and password, or asks for them. The operator must correct them",
                "403 | refused to connect to Gemini. The operator must allow Gemini's host there.",
                "502 | could not reach Gemini. Try again in a minute.",
            })
    void bothSayWhatTheProxyAnswered(int status, String words) throws Exception {
        gemini.proxy().refuses(status);

        assertBothFail("The proxy 127.0.0.1:" + gemini.proxy().port() + " " + words);
        assertEquals(List.of(), gemini.keys());
    }

    @Test
    void bothSayThatACertificateBehindTheProxyIsNotTrusted() throws Exception {
        gemini.proxy().leadsTo(gemini.untrustedPort());

        assertBothFail("No trusted TLS connection to Gemini.");
        assertEquals(List.of(), gemini.keys());
    }

    @Test
    void aProxyThatFindsNoGeminiIsNamed() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        gemini.proxy().leadsTo(free);

        assertBothFail("The proxy 127.0.0.1:" + gemini.proxy().port() + " could not reach Gemini.");
    }

    private void assertBothFail(String words) throws Exception {
        Verdict verdict = check.ask(GEMINI);
        String answer = FirstMessage.of(vertx, server);

        assertEquals(Outcome.PROBLEM, verdict.outcome(), verdict.message());
        assertTrue(verdict.message().startsWith(words), verdict.message());
        String[] sentences = words.split("(?<=\\.) ", 2);
        assertTrue(answer.contains("upstream_unreachable"), answer);
        assertTrue(answer.contains(sentences[0]), answer);
        for (String shown : List.of(verdict.message(), answer)) {
            assertFalse(shown.contains("p@ss") || shown.contains("p%40ss") || shown.contains("company"), shown);
        }
    }
}
