package dev.livebridge.gemini;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Otherwise;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.upstream.ContextChange;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Updates of the context: what goes up, and what connections to come will know. JSON is written with single quotes. */
class ContextFittingTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES);

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static ContextChange fit(String update, String wish, Map<String, String> settings)
            throws UpstreamRefusedException {
        return fit(update, wish, settings, Permissions.ALL);
    }

    private static ContextChange fit(String update, String wish, Map<String, String> settings, Permissions permissions)
            throws UpstreamRefusedException {
        return new ContextFitting(
                        Settings.catalogue().find("gemini-3.8-live"),
                        new ClientPolicy(Settings.livebridge(settings)),
                        permissions)
                .fit(
                        new ClientMessage.ContextUpdate(json(update).toString()),
                        new ClientMessage.Setup(json(wish).toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // update, as it goes up, the setup afterwards
                "{'tools':{'tools':[{'functionDeclarations':[{'name':'g'}]}]}} | {'tools':{'tools':[{'functionDeclarations':[{'name':'g'}]}]}} | {'tools':[{'functionDeclarations':[{'name':'g'}]}],'systemInstruction':{'parts':[{'text':'old'}]}}",
                "{'systemInstruction':{'parts':[{'text':'new'}]}} | {'systemInstruction':{'parts':[{'text':'new'}]}} | {'tools':[{'googleSearch':{}}],'systemInstruction':{'parts':[{'text':'new'}]}}",
                "{'tools':{'tools':[]}} | {'tools':{'tools':[]}} | {'tools':[],'systemInstruction':{'parts':[{'text':'old'}]}}",
                "{'tools':{}}           | {'tools':{'tools':[]}} | {'tools':[],'systemInstruction':{'parts':[{'text':'old'}]}}",
            })
    void replacesWhatIsSetAndNothingElse(String update, String sent, String after) throws Exception {
        ContextChange change =
                fit(update, "{'tools':[{'googleSearch':{}}],'systemInstruction':{'parts':[{'text':'old'}]}}", Map.of());

        assertEquals(json(sent), json(requireNonNull(change.update()).json()));
        assertEquals(json(after), json(change.setup().json()));
        assertEquals(List.of(), change.notices());
    }

    @Test
    void obeysTheRulesOfTheSetup() throws Exception {
        // Given
        String update = "{'tools':{'tools':[{'codeExecution':{}},{'functionDeclarations':[{'name':'g','novel':1}],"
                + "'mcpServers':[{'url':'https://attacker.example'}]}]},"
                + "'systemInstruction':{'parts':[{'text':'a'},{'fileData':{'fileUri':'u'}}]}}";

        // When
        ContextChange change = fit(update, "{}", Map.of());

        // Then
        assertEquals(
                json("{'systemInstruction':{'parts':[{'text':'a'}]},"
                        + "'tools':{'tools':[{'functionDeclarations':[{'name':'g'}]}]}}"),
                json(requireNonNull(change.update()).json()));
        assertEquals(4, change.notices().size(), change.notices().toString());
    }

    @Test
    void cantChangeWhatTheOperatorFixed() throws Exception {
        ContextChange change = fit(
                "{'systemInstruction':{'parts':[{'text':'mine'}]}}",
                "{}",
                Map.of(
                        "livebridge.policy.system-instruction", "fixed",
                        "livebridge.policy.system-instruction-text", "operator"));

        assertNull(change.update());
        assertEquals(1, change.notices().size());
    }

    @Test
    void keepsTheOperatorsWordsInFront() throws Exception {
        ContextChange change = fit(
                "{'systemInstruction':{'parts':[{'text':'mine'}]}}",
                "{}",
                Map.of(
                        "livebridge.policy.system-instruction", "prefix",
                        "livebridge.policy.system-instruction-text", "operator"));

        assertEquals(
                json("{'systemInstruction':{'parts':[{'text':'operator'},{'text':'mine'}]}}"),
                json(requireNonNull(change.update()).json()));
        assertEquals(
                json("{'systemInstruction':{'parts':[{'text':'mine'}]}}"),
                json(change.setup().json()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'tools':{'tools':'search'}}                | setup.tools must be a list of JSON objects.",
                "{'tools':{'tools':['search']}}              | setup.tools must be a list of JSON objects.",
                "{'systemInstruction':{'parts':[{'text':7}]}} | contextUpdate.systemInstruction.parts[].text must be a string.",
            })
    void isRefusedWhenItIsOfTheWrongType(String update, String sentence) {
        UpstreamRefusedException refused =
                assertThrows(UpstreamRefusedException.class, () -> fit(update, "{}", Map.of()));

        assertEquals(EndCause.BAD_SETUP, refused.end().cause());
        assertEquals(sentence, refused.end().message());
    }

    private static Permissions only(boolean updates, Otherwise otherwise) {
        return new Permissions(null, null, null, false, true, updates, true, null, null, null, otherwise);
    }

    @Test
    void aCallerThatMayNotChangeTheContextIsToldOrRefused() throws UpstreamRefusedException {
        String update = "{'systemInstruction':{'parts':[{'text':'Be rude'}]}}";

        ContextChange told = fit(update, "{}", Map.of(), only(false, Otherwise.TELL));

        assertNull(told.update());
        assertEquals("{}", told.setup().json());
        assertEquals(1, told.notices().size());
        assertThrows(UpstreamRefusedException.class, () -> fit(update, "{}", Map.of(), only(false, Otherwise.REFUSE)));
    }

    @Test
    void anInstructionThatTheCallerMayNotBringStaysOutOfAnUpdateAndOfLaterConnections()
            throws UpstreamRefusedException {
        ContextChange change = fit(
                "{'systemInstruction':{'parts':[{'text':'Be rude'}]},'tools':{'tools':[]}}",
                "{}",
                Map.of(),
                only(true, Otherwise.TELL));

        assertFalse(String.valueOf(change.update()).contains("Be rude"));
        assertFalse(change.setup().json().contains("Be rude"), change.setup().json());
        assertTrue(String.valueOf(change.update()).contains("tools"));
    }
}
