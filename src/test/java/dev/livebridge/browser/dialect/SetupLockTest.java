package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Trials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetupLockTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode object(String json) throws Exception {
        return (ObjectNode) JSON.readTree(json);
    }

    private static JsonNode apply(String locked, String mask, String client) throws Exception {
        // Read again: a tree keeps the type of each number.
        return JSON.readTree(SetupLock.of(locked, FieldMask.parse(mask))
                .apply(object(client))
                .toString());
    }

    @Test
    void withoutASetupNothingIsLocked() throws Exception {
        ObjectNode client = object("{\"model\":\"models/a\",\"unknown\":1}");

        assertEquals(client, SetupLock.NONE.apply(client));
    }

    @Test
    void withoutAMaskTheSetupOfTheClientIsIgnored() throws Exception {
        assertEquals(
                object("{\"systemInstruction\":{\"parts\":[{\"text\":\"brief\"}]}}"),
                apply(
                        "{\"systemInstruction\":{\"parts\":[{\"text\":\"brief\"}]}}",
                        "",
                        "{\"model\":\"models/a\",\"tools\":[{\"googleSearch\":{}}],\"generationConfig\":{\"topP\":1}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // a named member overwrites
                "{'model':'models/a'} | model | {'model':'models/b','tools':[]} | {'model':'models/a','tools':[]}",
                // naming an unset member locks it as unset
                "{} | generationConfig.topP | {'generationConfig':{'topP':1,'topK':2}} | {'generationConfig':{'topK':2}}",
                "{} | tools | {'tools':[{'googleSearch':{}}]} | {}",
                // and adds nothing where nothing was
                "{} | inputAudioTranscription.languageCodes | {} | {}",
                "{} | generationConfig.speechConfig.languageCode | {'generationConfig':{}} | {'generationConfig':{}}",
                // parents are made for a value
                "{'generationConfig':{'topP':0.5}} | generationConfig.topP | {} | {'generationConfig':{'topP':0.5}}",
                // Python leaves snake_case in the appended part
                "{} | generationConfig.top_p,system_instruction | {'generationConfig':{'topP':1},'systemInstruction':{}}"
                        + " | {'generationConfig':{}}",
                // JavaScript names the elements of a list by their index
                "{'tools':[{'googleSearch':{}}]} | tools.0 | {'tools':[{'functionDeclarations':[]},{}]}"
                        + " | {'tools':[{'googleSearch':{}}]}",
                "{} | tools.0.functionDeclarations | {'tools':[{'functionDeclarations':[]}]} | {}",
                // keys of labels are data
                "{'labels':{'top_p':'x'}} | labels.top_p | {'labels':{'a':'b'}} | {'labels':{'a':'b','top_p':'x'}}",
                // a locked setting can't come from a wrong place, in either spelling
                "{} | generationConfig.topP | {'topP':1,'top_p':1,'generationConfig':{'top_p_':1}} | {'generationConfig':{}}",
                "{} | outputAudioTranscription | {'generationConfig':{'outputAudioTranscription':{},'topK':1}}"
                        + " | {'generationConfig':{'topK':1}}",
            })
    void aMaskLocksTheNamedMembers(String locked, String mask, String client, String effective) throws Exception {
        assertEquals(
                object(effective.replace('\'', '"')),
                apply(locked.replace('\'', '"'), mask, client.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // the handle is no setting
                "{'sessionResumption':{}} | `` | {'sessionResumption':{'handle':'h'}} | {'sessionResumption':{'handle':'h'}}",
                "{'sessionResumption':{}} | sessionResumption | {'sessionResumption':{'handle':'h'}}"
                        + " | {'sessionResumption':{'handle':'h'}}",
                // where handles are not asked for, or locked, it does not count
                "{} | `` | {'sessionResumption':{'handle':'h'}} | {}",
                "{} | sessionResumption | {'sessionResumption':{'handle':'h'}} | {}",
                "{'sessionResumption':{}} | sessionResumption.handle | {'sessionResumption':{'handle':'h'}}"
                        + " | {'sessionResumption':{}}",
                "{'sessionResumption':{'handle':'own'}} | `` | {'sessionResumption':{'handle':'h'}}"
                        + " | {'sessionResumption':{'handle':'own'}}",
            })
    void theHandleOfTheClientCountsWhereHandlesAreAskedFor(String locked, String mask, String client, String effective)
            throws Exception {
        aMaskLocksTheNamedMembers(locked, mask, client, effective);
    }

    @Test
    void theSetupsThatGoInStayAsTheyAre() throws Exception {
        ObjectNode client = object("{\"generationConfig\":{\"topP\":1}}");

        SetupLock.of("{\"generationConfig\":{\"topP\":0.5}}", List.of("generationConfig.topP"))
                .apply(client);

        assertEquals(object("{\"generationConfig\":{\"topP\":1}}"), client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo",
                "generationConfig.foo",
                "generationConfig.topP.more",
                "model.x",
                "generationConfig.",
                ".model",
                "model,",
                ",",
                "model..x",
                "tools.foo",
                "tools.0.foo",
                "setup.model",
                "generationConfig.responseModalities.AUDIO",
                "labels."
            })
    void aPathThatNamesNothingIsRefused(String mask) {
        BadInputException refused = assertThrows(BadInputException.class, () -> FieldMask.parse(mask));

        assertTrue(String.valueOf(refused.getMessage()).startsWith("Invalid field mask"), refused::toString);
    }

    @Test
    void aBlankMaskNamesNothingAndSpacesDoNotCount() throws Exception {
        assertEquals(List.of(), FieldMask.parse("  "));
        assertEquals(List.of("model", "tools"), FieldMask.parse(" model , tools, tools.0"));
    }

    @Test
    void updatesOfTheContextCantReplaceWhatIsLocked() throws Exception {
        ObjectNode instruction = object("{\"systemInstruction\":{}}");
        ObjectNode tools = object("{\"tools\":{\"tools\":[]}}");
        SetupLock all = SetupLock.of("{}", List.of());
        SetupLock part = SetupLock.of("{}", List.of("systemInstruction.parts"));
        SetupLock other = SetupLock.of("{}", List.of("model"));

        assertThrows(BadInputException.class, () -> all.checkUpdate(instruction));
        assertThrows(BadInputException.class, () -> all.checkUpdate(tools));
        assertThrows(BadInputException.class, () -> part.checkUpdate(instruction));
        part.checkUpdate(tools);
        other.checkUpdate(instruction);
        other.checkUpdate(tools);
        SetupLock.NONE.checkUpdate(instruction);
        assertTrue(all.locksInstruction());
        assertTrue(part.locksInstruction());
        assertFalse(other.locksInstruction());
    }

    @Test
    void aLockedSetupIsReadAsStrictlyAsByGoogle() throws Exception {
        assertEquals(
                object("{\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]},\"labels\":{\"any\":1}}"),
                LockedSetup.read(
                        object("{\"generation_config\":{\"response_modalities\":\"audio\"},\"labels\":{\"any\":1},"
                                + "\"tools\":null}"),
                        "bidiGenerateContentSetup"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'foo':1} | Unknown name \"foo\" at 'bidi_generate_content_setup'",
                "{'topP':1} | Unknown name \"topP\" at 'bidi_generate_content_setup'",
                "{'generationConfig':{'foo':1}} | Unknown name \"foo\" at 'bidi_generate_content_setup.generation_config'",
                "{'tools':[{},{'foo':1}]} | Unknown name \"foo\" at 'bidi_generate_content_setup.tools[1]'",
                "{'systemInstruction':{'parts':[{'fileData':{'foo':1}}]}} | Unknown name \"foo\" at",
                "{'generationConfig':1} | bidiGenerateContentSetup.generationConfig must be an object",
                "{'topP':1,'top_p':2} | Unknown name",
                "{'systemInstruction':{},'system_instruction':{}} | is present twice",
            })
    void aLockedSetupWithAFaultIsRefused(String setup, String words) throws Exception {
        ObjectNode value = object(setup.replace('\'', '"'));

        BadInputException refused =
                assertThrows(BadInputException.class, () -> LockedSetup.read(value, "bidiGenerateContentSetup"));

        assertTrue(String.valueOf(refused.getMessage()).contains(words), refused::toString);
    }

    // ---- the same semantics, written a second time -------------------------------------------------------------

    private static final List<String> PATHS = List.of(
            "model",
            "generationConfig",
            "generationConfig.topP",
            "generationConfig.topK",
            "generationConfig.speechConfig",
            "generationConfig.speechConfig.languageCode",
            "systemInstruction",
            "systemInstruction.role",
            "systemInstruction.parts",
            "realtimeInputConfig.activityHandling",
            "realtimeInputConfig.automaticActivityDetection.disabled",
            "historyConfig",
            "labels.a");

    /** Members with scalar values, from which random setups are built. */
    private static final List<String> LEAVES = List.of(
            "model",
            "generationConfig.topP",
            "generationConfig.topK",
            "generationConfig.speechConfig.languageCode",
            "systemInstruction.role",
            "realtimeInputConfig.activityHandling",
            "realtimeInputConfig.automaticActivityDetection.disabled",
            "historyConfig.initialHistoryInClientContent",
            "labels.a",
            "labels.b");

    private static Map<String, String> randomLeaves(RandomGenerator random, String value) {
        Map<String, String> leaves = new TreeMap<>();
        for (String leaf : LEAVES) {
            if (random.nextInt(3) > 0) {
                leaves.put(leaf, value + random.nextInt(3));
            }
        }
        return leaves;
    }

    private static ObjectNode tree(Map<String, String> leaves) {
        ObjectNode root = JSON.createObjectNode();
        leaves.forEach((path, value) -> {
            ObjectNode parent = root;
            String[] names = path.split("\\.", -1);
            for (int i = 0; i < names.length - 1; i++) {
                parent = parent.withObjectProperty(names[i]);
            }
            parent.put(names[names.length - 1], value);
        });
        return root;
    }

    private static Map<String, String> leaves(String prefix, JsonNode node) {
        Map<String, String> found = new LinkedHashMap<>();
        node.properties().forEach(member -> {
            String path = prefix + member.getKey();
            if (member.getValue().isObject()) {
                found.putAll(leaves(path + ".", member.getValue()));
            } else {
                found.put(path, member.getValue().asText());
            }
        });
        return found;
    }

    /** On the level of leaves: below a named path all are the token's, elsewhere all are the client's. */
    private static Map<String, String> expected(
            Map<String, String> locked, List<String> mask, Map<String, String> client) {
        Map<String, String> effective = new TreeMap<>();
        for (String leaf : LEAVES) {
            boolean named =
                    mask.isEmpty() || mask.stream().anyMatch(path -> leaf.equals(path) || leaf.startsWith(path + "."));
            String value = named ? locked.get(leaf) : client.get(leaf);
            if (value != null) {
                effective.put(leaf, value);
            }
        }
        return effective;
    }

    @Test
    void anyMaskGivesWhatASecondImplementationGives() {
        Trials.run(3_000, random -> {
            Map<String, String> locked = randomLeaves(random, "locked");
            Map<String, String> client = randomLeaves(random, "client");
            List<String> mask = new ArrayList<>(PATHS);
            mask.removeIf(_ -> random.nextInt(4) > 0);
            String text = String.join(",", mask);
            String spelled = random.nextBoolean()
                    ? text
                    : text.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);

            JsonNode effective =
                    apply(tree(locked).toString(), spelled, tree(client).toString());

            assertEquals(expected(locked, mask, client), new TreeMap<>(leaves("", effective)), spelled);
        });
    }
}
