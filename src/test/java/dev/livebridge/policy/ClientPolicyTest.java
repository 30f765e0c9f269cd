package dev.livebridge.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The members of a setup that are passed on, as a table. JSON is written with single quotes. */
class ClientPolicyTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES);

    private final List<String> notices = new ArrayList<>();

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Parses like the service, with all digits. */
    private ObjectNode rebuild(String setup, Map<String, String> settings) throws NotAllowedException {
        try {
            return Settings.policy(settings)
                    .rebuild((ObjectNode) StrictJson.read(json(setup).toString()), notices::add);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException(setup, e);
        }
    }

    private void assertRebuilt(String expected, String setup, Map<String, String> settings) throws Exception {
        assertEquals(json(expected), json(rebuild(setup, settings).toString()));
    }

    /** Each row of the table that needs a permission: the setup, the setting, and the result without it. */
    static Stream<Arguments> allowances() {
        Stream<Arguments> tools = Stream.of(
                        "googleSearchRetrieval",
                        "codeExecution",
                        "urlContext",
                        "googleMaps",
                        "fileSearch",
                        "computerUse",
                        "mcpServers",
                        "retrieval",
                        "enterpriseWebSearch")
                .map(kind ->
                        arguments("{'tools':[{'" + kind + "':{'a':['b']}}]}", "livebridge.policy.tools", kind, "{}"));
        return Stream.concat(
                tools,
                Stream.of(
                        arguments(
                                "{'tools':[{'functionDeclarations':[{'name':'f'}],'fileSearch':{}},{'googleSearch':{}}]}",
                                "livebridge.policy.tools",
                                "fileSearch,functionDeclarations,googleSearch",
                                "{'tools':[{'functionDeclarations':[{'name':'f'}]},{'googleSearch':{}}]}"),
                        arguments(
                                "{'systemInstruction':{'parts':[{'text':'a'},{'fileData':{'fileUri':'u','mimeType':'m'}}]}}",
                                "livebridge.policy.file-uris",
                                "true",
                                "{'systemInstruction':{'parts':[{'text':'a'}]}}"),
                        arguments(
                                "{'generationConfig':{'speechConfig':{'voiceConfig':{'replicatedVoiceConfig':"
                                        + "{'mimeType':'audio/wav','voiceSampleAudio':'AAAA','voiceConsentSignature':"
                                        + "{'signature':'s'}}}}}}",
                                "livebridge.policy.custom-voices",
                                "true",
                                "{'generationConfig':{'speechConfig':{'voiceConfig':{}}}}"),
                        arguments(
                                "{'proactivity':{'proactiveAudio':true,'proactiveVideo':true}}",
                                "livebridge.policy.proactive-video",
                                "true",
                                "{'proactivity':{'proactiveAudio':true}}"),
                        arguments(
                                "{'safetySettings':[{'category':'C','threshold':'BLOCK_NONE'},"
                                        + "{'category':'D','threshold':'BLOCK_LOW_AND_ABOVE'}]}",
                                "livebridge.policy.safety-settings",
                                "true",
                                "{'safetySettings':[{'category':'D','threshold':'BLOCK_LOW_AND_ABOVE'}]}"),
                        arguments(
                                "{'safetySettings':[{'category':'C','threshold':'OFF'}]}",
                                "livebridge.policy.safety-settings",
                                "true",
                                "{}"),
                        arguments(
                                "{'unknownField':{'x':1},'generationConfig':{'novel':1,'seed':7}}",
                                "livebridge.policy.unknown-members",
                                "true",
                                "{'generationConfig':{'seed':7}}")));
    }

    @ParameterizedTest
    @MethodSource("allowances")
    void isDeniedByDefaultAndTold(String asked, String setting, String value, String left) throws Exception {
        assertRebuilt(left, asked, Map.of());

        assertFalse(notices.isEmpty(), "there is no notice");
    }

    @ParameterizedTest
    @MethodSource("allowances")
    void isPassedOnWhereItIsAllowed(String asked, String setting, String value, String left) throws Exception {
        assertRebuilt(asked, asked, Map.of(setting, value));

        assertEquals(List.of(), notices);
    }

    @ParameterizedTest
    @MethodSource("allowances")
    void hasItsRowInTheDocumentation(String asked, String setting, String value, String left) throws IOException {
        assertTrue(Files.readString(Path.of("docs/policy.md")).contains("`" + setting + "`"), setting);
    }

    @Test
    void everyKindOfToolIsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("docs/policy.md"));
        Set<String> missing = new TreeSet<>(SetupTable.TOOL_KINDS);
        missing.removeIf(kind -> page.contains("`" + kind + "`"));

        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"livebridge.policy.unknown-members", "livebridge.policy.file-uris"})
    void aForeignHandleIsNeverPassedOn(String setting) throws Exception {
        assertRebuilt(
                "{'sessionResumption':{}}",
                "{'sessionResumption':{'handle':'HANDLE-OF-SOMEBODY-ELSE'}}",
                Map.of(setting, "true"));

        assertEquals(List.of("handle in setup.sessionResumption is not allowed here; it was left out."), notices);
    }

    @Test
    void everythingThatNeedsNothingIsPassedOnAsItCame() throws Exception {
        String setup = """
                {'model':'models/m','generationConfig':{'responseModalities':['AUDIO'],'temperature':0.7,'topP':'0.9',
                 'topK':40.0,'maxOutputTokens':65536,'candidateCount':1,'presencePenalty':0,'frequencyPenalty':-1.5,
                 'seed':'7','mediaResolution':'MEDIA_RESOLUTION_LOW','speechConfig':{'languageCode':'de-DE','voiceConfig':
                 {'prebuiltVoiceConfig':{'voiceName':'Kore'}}},'thinkingConfig':{'includeThoughts':true,
                 'thinkingBudget':-1,'thinkingLevel':2},'enableAffectiveDialog':'true','translationConfig':
                 {'targetLanguageCode':'de','echoTargetLanguage':false}},
                 'systemInstruction':{'role':'user','parts':[{'text':'a'},{'text':''}]},
                 'tools':[{'functionDeclarations':[{'name':'f','description':'d','behavior':'BLOCKING','parameters':
                 {'type':'OBJECT','properties':{'novel':{'type':'STRING','default':null}}},'responseJsonSchema':{'$ref':'#'}}]},
                 {'googleSearch':{'timeRangeFilter':{'startTime':'s','endTime':'e'},'excludeDomains':['a.example']}}],
                 'realtimeInputConfig':{'automaticActivityDetection':{'disabled':false,'startOfSpeechSensitivity':
                 'START_SENSITIVITY_LOW','prefixPaddingMs':20,'silenceDurationMs':'500'},'activityHandling':
                 'NO_INTERRUPTION','turnCoverage':'TURN_INCLUDES_ALL_INPUT'},
                 'sessionResumption':{},'contextWindowCompression':{'triggerTokens':'25000','slidingWindow':
                 {'targetTokens':8000}},'inputAudioTranscription':{'languageCodes':['de'],'customVocabulary':['x'],
                 'wordTimestamp':true,'mode':'SMART','sourceText':'t'},'outputAudioTranscription':{},
                 'proactivity':{'proactiveAudio':true},'historyConfig':{'initialHistoryInClientContent':true},
                 'labels':{'safety_identifier':'u-1','any key':'any value'},
                 'safetySettings':[{'category':'HARM_CATEGORY_HARASSMENT','threshold':'BLOCK_MEDIUM_AND_ABOVE'}]}""";

        assertRebuilt(setup, setup, Map.of());

        assertEquals(List.of(), notices);
    }

    /** Wrong types and values of an odd size. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'generationConfig':'x'}                                    | setup.generationConfig must be a JSON object.",
                "{'generationConfig':{'temperature':'warm'}}                 | setup.generationConfig.temperature must be a number.",
                "{'generationConfig':{'temperature':1e400}}                  | setup.generationConfig.temperature must be a number.",
                "{'generationConfig':{'temperature':'NaN'}}                  | setup.generationConfig.temperature must be a number.",
                "{'generationConfig':{'temperature':[0.5]}}                  | setup.generationConfig.temperature must be a number.",
                "{'generationConfig':{'maxOutputTokens':9999999999}}         | setup.generationConfig.maxOutputTokens must be a whole number of 32 bits.",
                "{'generationConfig':{'maxOutputTokens':1e999999999}}        | setup.generationConfig.maxOutputTokens must be a whole number of 32 bits.",
                "{'generationConfig':{'maxOutputTokens':'1e999999999'}}      | setup.generationConfig.maxOutputTokens must be a whole number of 32 bits.",
                "{'generationConfig':{'topK':1.5}}                           | setup.generationConfig.topK must be a whole number of 32 bits.",
                "{'generationConfig':{'seed':{}}}                            | setup.generationConfig.seed must be a whole number of 32 bits.",
                "{'generationConfig':{'responseModalities':'AUDIO'}}         | setup.generationConfig.responseModalities must be a list.",
                "{'generationConfig':{'mediaResolution':{}}}                 | setup.generationConfig.mediaResolution must be a string.",
                "{'contextWindowCompression':{'triggerTokens':'many'}}       | setup.contextWindowCompression.triggerTokens must be a whole number of 64 bits.",
                "{'contextWindowCompression':{'triggerTokens':1e30}}         | setup.contextWindowCompression.triggerTokens must be a whole number of 64 bits.",
                "{'historyConfig':{'initialHistoryInClientContent':'yes'}}   | setup.historyConfig.initialHistoryInClientContent must be true or false.",
                "{'historyConfig':{'initialHistoryInClientContent':1}}       | setup.historyConfig.initialHistoryInClientContent must be true or false.",
                "{'systemInstruction':'Be brief.'}                           | setup.systemInstruction must be a JSON object.",
                "{'systemInstruction':{'parts':[7]}}                         | setup.systemInstruction.parts[] must be a JSON object.",
                "{'systemInstruction':{'parts':[{'text':{'a':1}}]}}          | setup.systemInstruction.parts[].text must be a string.",
                "{'tools':[{'functionDeclarations':{}}]}                     | setup.tools[].functionDeclarations must be a list.",
                "{'tools':[{'functionDeclarations':['f']}]}                  | setup.tools[].functionDeclarations[] must be a JSON object.",
                "{'labels':['a']}                                            | setup.labels must be a JSON object of strings.",
                "{'labels':{'a':1}}                                          | setup.labels.\"a\" must be a string.",
                "{'safetySettings':{}}                                       | setup.safetySettings must be a list.",
                "{'inputAudioTranscription':true}                            | setup.inputAudioTranscription must be a JSON object.",
            })
    void ofTheWrongTypeIsRefused(String setup, String sentence) {
        NotAllowedException refused = assertThrows(NotAllowedException.class, () -> rebuild(setup, Map.of()));

        assertEquals(sentence, refused.sentence());
    }

    @Test
    void nullIsAbsentAtAnyDepth() throws Exception {
        assertRebuilt(
                "{'generationConfig':{'speechConfig':{}},'labels':{}}",
                "{'model':null,'generationConfig':{'temperature':null,'speechConfig':{'languageCode':null}},"
                        + "'labels':{'a':null},'novel':null}",
                Map.of());

        assertEquals(List.of(), notices);
    }

    @Test
    void aClientsWordIsQuotedAtNoLength() throws Exception {
        rebuild("{'" + "x".repeat(5_000) + "\\n\\u0007':1}", Map.of());

        assertEquals(1, notices.size());
        assertTrue(notices.getFirst().length() < 150, notices.getFirst());
    }

    static Stream<Arguments> instructions() {
        String said = "{'systemInstruction':{'parts':[{'text':'client'}]}}";
        String text = "livebridge.policy.system-instruction-text";
        Map<String, String> prefix = Map.of("livebridge.policy.system-instruction", "prefix", text, "operator");
        Map<String, String> fixed = Map.of("livebridge.policy.system-instruction", "fixed", text, "operator");
        Map<String, String> none = Map.of("livebridge.policy.system-instruction", "fixed");
        String operators = "{'systemInstruction':{'parts':[{'text':'operator'}]}}";
        return Stream.of(
                arguments(Map.of(), said, said, 0),
                arguments(Map.of(), "{}", "{}", 0),
                arguments(prefix, said, "{'systemInstruction':{'parts':[{'text':'operator'},{'text':'client'}]}}", 0),
                arguments(prefix, "{}", operators, 0),
                arguments(fixed, said, operators, 1),
                arguments(fixed, "{}", operators, 0),
                arguments(none, said, "{}", 1));
    }

    @ParameterizedTest
    @MethodSource
    void instructions(Map<String, String> settings, String asked, String goesUp, int told) throws Exception {
        assertRebuilt(goesUp, asked, settings);

        assertEquals(told, notices.size());
    }

    @Test
    void anInstructionHasALimit() throws Exception {
        String ten = "{'systemInstruction':{'parts':[{'text':'12345'},{'text':'67890'}]}}";
        Map<String, String> nine = Map.of("livebridge.policy.system-instruction-max-characters", "9");

        assertRebuilt(ten, ten, Map.of("livebridge.policy.system-instruction-max-characters", "10"));
        NotAllowedException refused = assertThrows(NotAllowedException.class, () -> rebuild(ten, nine));
        assertEquals(
                "systemInstruction has 10 characters; 9 are allowed"
                        + " (livebridge.policy.system-instruction-max-characters).",
                refused.sentence());
        assertThrows(
                NotAllowedException.class,
                () -> rebuild("{'systemInstruction':{'parts':[{'text':'" + "x".repeat(32_769) + "'}]}}", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "max-output-tokens=100   | {'generationConfig':{'maxOutputTokens':65536}}   | {'generationConfig':{'maxOutputTokens':100}} | 1",
                "max-output-tokens=100   | {'generationConfig':{'maxOutputTokens':'99'}}    | {'generationConfig':{'maxOutputTokens':'99'}} | 0",
                "max-output-tokens=100   | {'generationConfig':{'maxOutputTokens':-1}}      | {'generationConfig':{'maxOutputTokens':100}} | 1",
                "max-output-tokens=100   | {}                                               | {'generationConfig':{'maxOutputTokens':100}} | 0",
                "max-thinking-budget=0   | {'generationConfig':{'thinkingConfig':{'thinkingBudget':-1}}}  | {'generationConfig':{'thinkingConfig':{'thinkingBudget':0}}} | 1",
                "max-thinking-budget=512 | {'generationConfig':{'thinkingConfig':{'thinkingBudget':500}}} | {'generationConfig':{'thinkingConfig':{'thinkingBudget':500}}} | 0",
                "max-thinking-budget=512 | {'generationConfig':{'thinkingConfig':{'thinkingBudget':'24576'}}} | {'generationConfig':{'thinkingConfig':{'thinkingBudget':512}}} | 1",
                "max-thinking-level=low  | {'generationConfig':{'thinkingConfig':{'thinkingLevel':'high'}}} | {'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}}} | 1",
                "max-thinking-level=low  | {'generationConfig':{'thinkingConfig':{'thinkingLevel':2}}} | {'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}}} | 1",
                "max-thinking-level=medium | {'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}}} | {'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}}} | 0",
                "file-uris=false         | {'generationConfig':{'candidateCount':8}}        | {'generationConfig':{}} | 1",
            })
    void limits(String setting, String asked, String goesUp, int told) throws Exception {
        String[] pair = setting.split("=", 2);

        assertRebuilt(goesUp, asked, Map.of("livebridge.policy." + pair[0], pair[1]));

        assertEquals(told, notices.size());
    }

    @Test
    void theOperatorsLabelsWin() throws Exception {
        assertRebuilt(
                "{'labels':{'mine':'1','team':'ops'}}",
                "{'labels':{'team':'client','mine':'1'}}",
                Map.of("livebridge.policy.labels", "team=ops"));

        assertEquals(List.of("The label \"team\" is set by the operator; it was left out."), notices);
        assertRebuilt("{'labels':{'team':'ops'}}", "{}", Map.of("livebridge.policy.labels", "team=ops"));
    }

    @Test
    void labelsHaveLimits() throws Exception {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            many.append(i == 0 ? "" : ",").append("'k").append(i).append("':'v'");
        }

        assertEquals(
                64,
                rebuild("{'labels':{" + many + "}}", Map.of()).path("labels").size());
        assertRebuilt(
                "{'labels':{}}",
                "{'labels':{'" + "k".repeat(64) + "':'v','k':'" + "v".repeat(129) + "','':'v','a':'b\\n'}}",
                Map.of());
        assertEquals(36 + 4, notices.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tools=search                        | livebridge.policy.tools: \"search\" is not a kind of tool;",
                "system-instruction=prefix           | livebridge.policy.system-instruction=prefix needs livebridge.policy.system-instruction-text.",
                "system-instruction-text=a           | livebridge.policy.system-instruction-text has no effect with",
                "system-instruction-max-characters=0 | livebridge.policy.system-instruction-max-characters must be 1 or more.",
                "max-output-tokens=0                 | livebridge.policy.max-output-tokens must be 1 or more.",
                "max-thinking-budget=-1              | livebridge.policy.max-thinking-budget must be 1 or more.",
                "labels=team                         | livebridge.policy.labels: \"team\" must look like key=value.",
                "labels==ops                         | livebridge.policy.labels: \"=ops\" must have a key of 1 to 63 characters.",
                "labels=a=1,a=2                      | livebridge.policy.labels has the key \"a\" twice.",
            })
    void settingsThatMakeNoSenseStopTheStart(String setting, String sentence) {
        String[] pair = setting.split("=", 2);

        ConfigurationException refused = assertThrows(
                ConfigurationException.class, () -> Settings.policy(Map.of("livebridge.policy." + pair[0], pair[1])));

        assertTrue(String.valueOf(refused.getMessage()).startsWith(sentence), refused.getMessage());
    }
}
