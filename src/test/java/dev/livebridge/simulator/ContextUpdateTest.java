package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Updates of the context: gemini-live-api.md section 20 row 2. */
class ContextUpdateTest extends SimulatorFixture {

    private static String update(String inside) {
        return "{\"contextUpdate\":" + inside + "}";
    }

    private static String declaring(String function) {
        return "{\"tools\":{\"tools\":[{\"functionDeclarations\":[{\"name\":\"" + function + "\"}]}]}}";
    }

    @Test
    void theModelCallsTheNewFunctionsAndNoLongerTheOld() {
        try (LiveClient client = ready(
                LiveClient.LIVE_3_8,
                ",\"outputAudioTranscription\":{},\"tools\":[{\"functionDeclarations\":[{\"name\":\"old_one\"}]}]")) {
            // When
            client.send(update(declaring("new_one")));
            client.text("new_one please");

            // Then
            assertEquals(
                    "new_one",
                    client.awaitMessage("/toolCall")
                            .json()
                            .at("/toolCall/functionCalls/0/name")
                            .asText());
            client.awaitMessage("/serverContent/turnComplete");
            client.text("old_one please");
            client.awaitCount("/serverContent/turnComplete", 2);
            assertEquals(1, client.having("/toolCall").size());
        }
    }

    @Test
    void anEmptyListClearsTheTools() {
        try (LiveClient client = ready(
                LiveClient.LIVE_3_8,
                ",\"outputAudioTranscription\":{},\"tools\":[{\"functionDeclarations\":[{\"name\":\"old_one\"}]}]")) {
            client.send("{\"context_update\":{\"tools\":{\"tools\":[]}}}");
            client.text("old_one please");

            client.awaitMessage("/serverContent/turnComplete");
            assertTrue(client.having("/toolCall").isEmpty());
        }
    }

    @Test
    void whatIsNotSetStays() {
        try (LiveClient client = ready(
                LiveClient.LIVE_3_8,
                ",\"outputAudioTranscription\":{},\"tools\":[{\"functionDeclarations\":[{\"name\":\"old_one\"}]}]")) {
            client.send(update("{\"system_instruction\":{\"parts\":[{\"text\":\"Be brief.\"}]}}"));
            client.text("old_one please");

            client.awaitMessage("/toolCall");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\"} | Invalid JSON payload received. Unknown name \"model\" at 'context_update': Cannot find field.",
                "{\"tools\":[]} | Invalid value at 'context_update.tools', []",
                "{\"tools\":{\"tools\":[{\"codeExecution\":{}}]}} | Request contains an invalid argument.",
                "{\"tools\":{\"tools\":[{\"functionDeclarations\":[{\"name\":\"7\"}]}]}} | * BidiGenerateContentRequest.context_update.tools.tools[0].function_declarations[0].name: Invalid function name. Must start",
                "{\"systemInstruction\":{\"parts\":[{\"inlineData\":{}}]}} | Request contains an invalid argument.",
            })
    void isReadAsStrictlyAsASetup(String inside, String reason) {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, "")) {
            client.send(update(inside));

            assertEquals(new LiveClient.Ending(1007, reason), client.awaitEnding());
        }
    }
}
