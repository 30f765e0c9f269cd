package dev.livebridge.bridge;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.UsageTotals;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.resumption.ResumeToken.Purpose;
import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.session.token.HandoverPeers;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The spans of conversations over real sockets. */
@QuarkusTest
@Tag("slow")
@TestProfile(TracingTest.On.class)
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final AttributeKey<String> SESSION = AttributeKey.stringKey("livebridge.session");
    private static final Map<String, String> UPGRADE = Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01");

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    Vertx vertx;

    @Inject
    Spans spans;

    @Inject
    SessionRegistry sessions;

    @Inject
    TokenSealer sealer;

    @Inject
    Leaks leaks;

    /** Enabled by the operators' property; spans are captured before the export. */
    public static class On implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.otel.sdk.disabled", "false",
                    "quarkus.otel.traces.exporter", "none",
                    "livebridge.simulator.go-away-after", "2s",
                    "livebridge.simulator.go-away-time-left", "20s");
        }
    }

    @BeforeEach
    void forgetOthers() {
        leaks.awaitNone();
        spans.clear();
    }

    @Test
    void aConversationIsASpanOfItsCallersTraceWithTheTurnsMomentsInOrder() {
        try (TestClient client = TestClient.open(vertx, server, "/live", UPGRADE)) {
            client.send("{\"setup\":{}}");
            client.awaitTypes("ready", 1);
            client.send("{\"text\":\"Good morning\"}");
            client.awaitTypes("turnComplete", 1);
        }

        SpanData span = ended(1).getFirst();

        assertEquals(TRACE, span.getTraceId());
        assertEquals(CALLER, span.getParentSpanId());
        assertEquals(
                List.of(
                        "livebridge.turn.end_of_input",
                        "livebridge.turn.written_upstream",
                        "livebridge.turn.first_upstream_byte",
                        "livebridge.turn.first_upstream_audio",
                        "livebridge.turn.written_downstream",
                        "livebridge.turn.turn_complete"),
                span.getEvents().stream()
                        .sorted((one, other) -> Long.compare(one.getEpochNanos(), other.getEpochNanos()))
                        .map(EventData::getName)
                        .distinct()
                        .toList());
        assertTrue(span.getEvents().stream()
                .allMatch(event -> event.getEpochNanos() >= span.getStartEpochNanos()
                        && event.getEpochNanos() <= span.getEndEpochNanos()));
    }

    @Test
    void aRenewedConnectionIsLinkedToTheOneBefore() {
        try (TestClient client = TestClient.open(vertx, server, "/live", UPGRADE)) {
            client.send("{\"setup\":{}}");
            client.awaitTypes("ready", 1);
            client.send("{\"text\":\"Good morning\"}");
            client.awaitMessage(message -> message.path("state").asText().equals("ready"));
        }

        String conversation = ended(1).getFirst().getSpanId();
        List<SpanData> connections = spans.named("livebridge.upstream");

        assertTrue(connections.size() >= 2, connections::toString);
        assertTrue(connections.stream().allMatch(span -> span.getParentSpanId().equals(conversation)));
        assertEquals(0, connections.getFirst().getLinks().size());
        assertEquals(
                connections.getFirst().getSpanId(),
                connections.get(1).getLinks().getFirst().getSpanContext().getSpanId());
        assertTrue(connections.getFirst().getAttributes().toString().contains("go_away"));
    }

    /** Another instance takes over the session; the handed-over state is all that the next session knows. */
    @Test
    void whoTakesAConversationOverIsLinkedToWhoHadIt() throws InterruptedException, ResumeRefusedException {
        String token;
        try (TestClient client = TestClient.open(vertx, server, "/live", UPGRADE)) {
            client.send("{\"setup\":{}}");
            client.awaitTypes("ready", 1);
            client.send("{\"text\":\"Good morning\"}");
            client.awaitTypes("turnComplete", 1);
            await().until(() -> client.ofType("resumeToken").size() > 1);
            token = client.ofType("resumeToken").getLast().path("token").asText();
            token = handedOver(token);
        }
        SpanData former = ended(1).getFirst();
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"resume\":{\"token\":\"" + token + "\"}}");
            client.awaitTypes("ready", 1);
        }

        // Between the two is the session that the second socket had until its token was read.
        SpanData next = ended(3).getLast();

        assertEquals(
                former.getSpanContext().getSpanId(),
                next.getLinks().getFirst().getSpanContext().getSpanId());
        assertEquals(TRACE, next.getLinks().getFirst().getSpanContext().getTraceId());
        assertEquals(
                former.getAttributes().asMap().get(SESSION),
                next.getAttributes().asMap().get(SESSION));
    }

    /** The token of a client after another instance has taken over its session. */
    private String handedOver(String token) throws InterruptedException, ResumeRefusedException {
        Instant now = Instant.now();
        ResumeToken held = sealer.open(token, Purpose.RESUME, null);
        String request = sealer.seal(
                        held.without(Purpose.REQUEST, URI.create("http://127.0.0.1:1"), now, now.plusSeconds(60)))
                .orElseThrow();
        ResumeToken state = sealer.open(
                ((HandoverPeers.Handover.Released) sessions.handOver(request)).state(), Purpose.STATE, null);
        return sealer.seal(new ResumeToken(
                        Purpose.RESUME,
                        state.sessionId(),
                        state.sequence(),
                        state.issuedAt(),
                        state.expiresAt(),
                        state.startedAt(),
                        state.subject(),
                        state.origin(),
                        null,
                        state.handle(),
                        state.model(),
                        state.setup(),
                        state.transcript(),
                        state.traceparent(),
                        UsageTotals.NONE))
                .orElseThrow();
    }

    @Test
    void noSpanHasWhatWasSaidOrAKey() {
        String path = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=canary-key";
        try (TestClient client = TestClient.open(
                vertx, server, path, Map.of("traceparent", "canary-parent", "Authorization", "Bearer canary-token"))) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\","
                    + "\"systemInstruction\":{\"parts\":[{\"text\":\"canary-instruction\"}]}}}");
            client.awaitMessage("setupComplete");
            client.send("{\"realtimeInput\":{\"text\":\"canary-text\"}}");
            client.awaitMessage(message -> message.path("serverContent").has("turnComplete"));
        }
        given().get(server.resolve("/?key=canary-page")).then().statusCode(200);

        ended(1);
        String told = spans.all().toString();

        assertFalse(told.contains("canary"), told);
        assertFalse(told.contains("127.0.0.1"), told);
        assertTrue(
                spans.all().stream().allMatch(span -> span.getName().startsWith("livebridge.")),
                () -> spans.all().stream().map(SpanData::getName).toList().toString());
    }

    @Test
    void aBucketOfTheLatencyHasAnExemplar() {
        try (TestClient client = TestClient.open(vertx, server, "/live", UPGRADE)) {
            client.send("{\"setup\":{}}");
            client.awaitTypes("ready", 1);
            client.send("{\"text\":\"Good morning\"}");
            client.awaitTypes("turnComplete", 1);
        }

        String page = given().header("Accept", "application/openmetrics-text; version=1.0.0")
                .get(metrics)
                .asString();

        for (String histogram : List.of("livebridge_turn_response_seconds", "livebridge_relay_latency_seconds")) {
            Pattern exemplar = Pattern.compile(
                    histogram + "_bucket\\{[^}]*} [0-9.]+ # \\{span_id=\"[0-9a-f]{16}\",trace_id=\"[0-9a-f]{32}\"}");
            assertTrue(
                    exemplar.matcher(page).find(),
                    () -> page.substring(0, Math.min(600, page.length()))
                            + page.lines()
                                    .filter(line -> line.startsWith(histogram))
                                    .limit(60)
                                    .toList()
                                    .toString());
        }
    }

    private List<SpanData> ended(int conversations) {
        await().until(() -> spans.named("livebridge.conversation").size() >= conversations);
        return spans.named("livebridge.conversation");
    }
}
