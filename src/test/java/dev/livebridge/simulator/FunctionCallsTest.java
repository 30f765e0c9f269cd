package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Function calls: gemini-live-api.md section 8. */
class FunctionCallsTest extends SimulatorFixture {

    private static final String STARTED = "I have started that, and I will tell you when it is done.";
    private static final String ANSWERED = "Thank you. The function has answered.";

    @Test
    void waitsForABlockingFunction() {
        try (LiveClient client = ready(LiveClient.FLASH_3_1, declaring("BLOCKING"))) {
            // Given
            client.text("get_weather Berlin");
            JsonNode call = client.awaitMessage("/toolCall").json().at("/toolCall/functionCalls/0");
            assertEquals("get_weather", call.path("name").asText());
            assertEquals("Berlin", call.at("/args/city").asText());
            assertTrue(client.having("/serverContent/modelTurn").isEmpty());

            // When
            respond(client, call, "");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertEquals(ANSWERED, client.transcript());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Please call a function", "Ruf bitte ein Werkzeug auf", "tool"})
    void callsTheFirstFunctionForAnyoneWhoWantsToSeeOne(String request) {
        try (LiveClient client = ready(LiveClient.FLASH_3_1, declaring("BLOCKING"))) {
            // Given
            client.text(request);
            JsonNode call = client.awaitMessage("/toolCall").json().at("/toolCall/functionCalls/0");
            assertEquals("get_weather", call.path("name").asText());
            assertEquals(request, call.at("/args/city").asText());

            // When
            respond(client, call, "");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertTrue(Set.of(ANSWERED, "Danke. Die Funktion hat geantwortet.").contains(client.transcript()));
        }
    }

    @Test
    void saysSoWhereThereIsNoFunctionOrNoneIsWanted() {
        try (LiveClient bare = ready(LiveClient.FLASH_3_1, ",\"outputAudioTranscription\":{}");
                LiveClient told = ready(LiveClient.FLASH_3_1, declaring("BLOCKING"))) {
            bare.text("Call a function");
            told.text("Do not call a function");

            bare.awaitMessage("/serverContent/turnComplete");
            told.awaitMessage("/serverContent/turnComplete");
            assertEquals("There is no function that I could call.", bare.transcript());
            assertTrue(told.having("/toolCall").isEmpty());
        }
    }

    @Test
    void cancelsTheCallWhenInterrupted() {
        try (LiveClient client = ready(LiveClient.FLASH_3_1, declaring("BLOCKING"))) {
            // Given
            client.text("get weather please");
            JsonNode call = client.awaitMessage("/toolCall").json().at("/toolCall/functionCalls/0");

            // When
            client.text("thanks");

            // Then
            assertEquals(
                    call.path("id"),
                    client.awaitMessage("/toolCallCancellation").json().at("/toolCallCancellation/ids/0"));
            client.awaitMessage("/serverContent/interrupted");
            respond(client, call, "");
            client.awaitCount("/serverContent/turnComplete", 2);
            assertEquals("You are very welcome.", client.transcript());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"scheduling\":\"WHEN_IDLE\"", ""})
    void speaksOfALateAnswerWhenIdle(String scheduling) {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, declaring("NON_BLOCKING"))) {
            // Given
            client.text("get_weather");
            JsonNode call = client.awaitMessage("/toolCall").json().at("/toolCall/functionCalls/0");
            client.awaitMessage("/serverContent/modelTurn");

            // When
            respond(client, call, scheduling);

            // Then
            client.awaitCount("/serverContent/turnComplete", 2);
            assertEquals(STARTED + ANSWERED, client.transcript());
            assertTrue(client.having("/serverContent/interrupted").isEmpty());
        }
    }

    @Test
    void interruptsItselfForAnUrgentAnswerScheduledInsideTheResponse() {
        try (LiveClient client = ready(LiveClient.NATIVE_2_5, declaring("NON_BLOCKING"))) {
            // Given
            client.text("get_weather");
            JsonNode call = client.awaitMessage("/toolCall").json().at("/toolCall/functionCalls/0");
            client.awaitMessage("/serverContent/modelTurn");

            // When
            client.send("{\"toolResponse\":{\"functionResponses\":[{\"id\":" + call.path("id")
                    + ",\"response\":{\"scheduling\":\"INTERRUPT\",\"result\":1}}]}}");

            // Then
            client.awaitMessage("/serverContent/interrupted");
            client.awaitCount("/serverContent/turnComplete", 2);
            assertTrue(client.transcript().endsWith(ANSWERED));
        }
    }

    @Test
    void keepsSilentButOpenUntilTheLastOfSeveralAnswers() {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, declaring("NON_BLOCKING"))) {
            // Given
            client.text("get_weather");
            JsonNode call = client.awaitMessage("/toolCall").json().at("/toolCall/functionCalls/0");
            client.awaitCount("/serverContent/turnComplete", 1);

            // When
            respond(client, call, ",\"scheduling\":\"SILENT\",\"willContinue\":true");
            respond(client, call, ",\"scheduling\":\"WHEN_IDLE\"");
            client.awaitCount("/serverContent/turnComplete", 2);
            respond(client, call, ",\"scheduling\":\"WHEN_IDLE\"");
            client.text("thanks");

            // Then
            client.awaitCount("/serverContent/turnComplete", 3);
            assertEquals(STARTED + ANSWERED + "You are very welcome.", client.transcript());
        }
    }

    private static String declaring(String behavior) {
        return ",\"outputAudioTranscription\":{},\"tools\":[{\"functionDeclarations\":[{\"name\":\"get_weather\",\"behavior\":\""
                + behavior
                + "\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":{\"city\":{\"type\":\"STRING\"}}}}]}]";
    }

    private static void respond(LiveClient client, JsonNode call, String more) {
        client.send("{\"toolResponse\":{\"functionResponses\":[{\"id\":" + call.path("id")
                + ",\"name\":\"get_weather\",\"response\":{\"output\":\"sunny\"}" + more + "}]}}");
    }
}
