package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Fault.Moment;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Close codes and reasons of Gemini reach clients of the Gemini dialect unchanged. */
@QuarkusTest
@TestProfile(UpstreamFaultsTest.Quick.class)
class GeminiEndingsTest extends BridgeFixture {

    private static final String PATH = "/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent";
    private static final int REASON_BYTES = 123;

    @ParameterizedTest(name = "in the setup {0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1007|Invalid JSON payload received. Unknown name \"foo\" at 'setup.generation_config': Cannot find field.|1007",
                "1007|Request contains an invalid argument.|1007",
                "1007|Precondition check failed.|1007",
                "1007|Cannot extract voices from a non-audio request.|1007",
                "1007|The requested combination of response modalities (TEXT) is not supported by the model.|1007",
                "1007|* BidiGenerateContentRequest.setup.tools[0].function_declarations[3].parameters.type: wrong|1007",
                "1007|Invalid session handle|1007",
                "1007|gemini-x is not supported in the live api.|1007",
                "1007|setup must be the first message and only the first|1007",
                "1007|API key not valid. Please pass a valid API key.|1011",
                "1007|API key expired. Please renew the API key.|1011",
                "1007|User location is not supported for the API use.|1011",
                "1008|models/x is not found for API version v1beta, or is not supported for bidiGenerateContent.|1008",
                "1008|BidiGenerateContent session not found|1008",
                "1008|Requested entity was not found.|1008",
                "1008|Operation is not implemented, or supported, or enabled.|1008",
                "1008|The operation was aborted.|1008",
                "1008|Method doesn't allow unregistered callers (callers without established identity).|1011",
                "1008|Your API key was reported as leaked. Please use another API key.|1011",
                "1011|Internal error encountered.|1011",
                "1011|Deadline expired before operation could complete.|1011",
                "1011|The service is currently unavailable.|1011",
                "1011|You exceeded your current quota, please check your plan and billing details.|1013",
                "1011|Resource has been exhausted (e.g. check quota).|1013",
                "1011|Your prepayment credits are depleted.|1013",
                "1011|Token has been used too many times|1011",
                "4321|Something of tomorrow|4321",
            })
    void anEndInTheSetupIsPassedOn(int code, String reason, int expected) {
        // Given
        simulator.faults().next(new Fault.Close(code, reason, new Moment.BeforeSetupComplete()));

        // When
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\"}}");
            client.awaitClosed();

            // Then
            assertEquals((short) expected, client.closeCode());
            assertPassedOn(reason, client);
        }
    }

    @ParameterizedTest(name = "in the talk {0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1007|Invalid JSON payload received. Unknown name \"foo\" at 'realtime_input': Cannot find field.|1007",
                "1007|Explicit activity control is not supported when automatic activity detection is enabled.|1007",
                "1007|* BidiGenerateContentRequest.context_update.tools.function_declarations[3].parameters: wrong|1007",
                "1007|API key not valid. Please pass a valid API key.|1011",
                "1007|User location is not supported for the API use.|1011",
                "1008|Your API key was reported as leaked. Please use another API key.|1011",
                "1008|models/x is not found for API version v1beta, or is not supported for bidiGenerateContent.|1008",
                "1009|message too big|1009",
                "1011|You exceeded your current quota, please check your plan and billing details.|1013",
                "1011|Your prepayment credits are depleted.|1013",
                "1011|auth token has expired|1011",
                "1007|Request contains an invalid argument.|0",
                "1008|Operation is not implemented, or supported, or enabled.|0",
                "1008|The operation was aborted.|0",
                "1008|Requested entity was not found.|0",
                "1008|BidiGenerateContent session not found|0",
                "1011|Internal error encountered.|0",
                "1011|Deadline expired before operation could complete.|0",
                "1011|The service is currently unavailable.|0",
                "1000|~~|0",
            })
    void anEndInTheTalkIsPassedOnOrMended(int code, String reason, int expected) {
        // Given
        String name = "talk-" + code + "-" + Integer.toUnsignedString(reason.hashCode());
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"outputAudioTranscription\":{},"
                    + "\"systemInstruction\":{\"parts\":[{\"text\":\"" + name + "\"}]}}}");
            client.awaitMessage("setupComplete");
            client.awaitMessage("sessionResumptionUpdate");

            // When
            assertEquals(
                    1, simulator.faults().now(name, new Fault.Close(code, reason, new Moment.BeforeSetupComplete())));

            // Then
            if (expected == 0) {
                client.send("{\"realtimeInput\":{\"text\":\"thanks\"}}");
                client.awaitMessage(message ->
                        message.at("/serverContent/outputTranscription").has("text"));
                assertFalse(client.closed());
            } else {
                client.awaitClosed();
                assertEquals((short) expected, client.closeCode());
                assertPassedOn(reason, client);
            }
        }
    }

    @Test
    void whatIsInsideTheOperatorsProjectIsNotPassedOn() {
        simulator
                .faults()
                .next(new Fault.Close(
                        1008,
                        "Generative Language API has not been used in project 123456789012 before or it is disabled.",
                        new Moment.BeforeSetupComplete()));

        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\"}}");
            client.awaitClosed();

            assertEquals(
                    "Generative Language API has not been used in [internal] before or it is disabled.",
                    client.closeReason());
        }
    }

    private static void assertPassedOn(String reason, TestClient client) {
        String heard = String.valueOf(client.closeReason());
        assertTrue(heard.startsWith(reason), heard);
        assertTrue(heard.getBytes(StandardCharsets.UTF_8).length <= REASON_BYTES, heard);
        assertTrue(heard.equals(reason) || heard.endsWith(")"), "a sentence that fits is whole: " + heard);
    }
}
