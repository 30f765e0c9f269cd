package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Excess;
import dev.livebridge.access.rules.Permissions.Modality;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks for, and what goes up. JSON is written with single quotes. */
class SetupFittingTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES);
    private static final ModelCatalogue CATALOGUE = Settings.catalogue();

    private static final String V38 = "'model':'models/gemini-3.8-live'";
    private static final String THINKING = "'model':'models/gemini-3.8-live-extended-thinking'";
    private static final String V31 = "'model':'models/gemini-3.1-flash-live-preview'";
    private static final String V25 = "'model':'models/gemini-2.5-flash-native-audio-latest'";
    private static final String TRANSCRIBE = "'model':'models/gemini-3.5-transcribe-live'";
    private static final String NEW = "'model':'models/gemini-9-live'";
    private static final String AUDIO = "'generationConfig':{'responseModalities':['AUDIO']}";

    private static Negotiated fit(String setup, Map<String, String> settings) throws UpstreamRefusedException {
        return fit(CATALOGUE, json(setup), settings);
    }

    private static String json(String setup) {
        try {
            return JSON.readTree(setup).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(setup, e);
        }
    }

    private static Negotiated fit(ModelCatalogue catalogue, String json, Map<String, String> settings)
            throws UpstreamRefusedException {
        return fit(catalogue, json, settings, Permissions.ALL);
    }

    private static Negotiated fit(
            ModelCatalogue catalogue, String json, Map<String, String> settings, Permissions permissions)
            throws UpstreamRefusedException {
        LivebridgeConfig config = Settings.livebridge(settings);
        return new SetupFitting(catalogue, config.gemini(), new ClientPolicy(config), permissions)
                .fit(new ClientMessage.Setup(json), new Continuation.New(), "gemini")
                .negotiated();
    }

    private static Negotiated fit(String setup) throws UpstreamRefusedException {
        return fit(setup, Map.of());
    }

    private static UpstreamEnd refusal(String setup) {
        return assertThrows(UpstreamRefusedException.class, () -> fit(setup)).end();
    }

    private static void assertGoesUp(String expected, Negotiated actual) throws JsonProcessingException {
        assertEquals(JSON.readTree(expected), JSON.readTree(actual.setup()));
    }

    @Nested
    class TheModel {

        private static final String MODEL = "livebridge.gemini.model";
        private static final String MODELS = "livebridge.policy.models";
        private static final String LISTED = "gemini-9-live,models/gemini-8-live";
        private static final String UNKNOWN =
                " is not known here; it is taken for one that speaks, and Gemini judges the rest of the setup.";

        static Stream<Arguments> answers() {
            return Stream.of(
                    // What is asked for, one setting and its value, the model that answers, the notice.
                    arguments("{}", MODEL, null, "gemini-3.8-live", null),
                    arguments("{'model':null}", MODEL, null, "gemini-3.8-live", null),
                    arguments("{'model':''}", MODEL, null, "gemini-3.8-live", null),
                    arguments("{'model':' '}", MODEL, null, "gemini-3.8-live", null),
                    arguments(
                            "{}", MODEL, "models/gemini-3.1-flash-live-preview", "gemini-3.1-flash-live-preview", null),
                    // What the operator chose needs no notice.
                    arguments("{}", MODEL, "gemini-9-live", "gemini-9-live", null),
                    arguments("{" + V31 + "}", MODEL, null, "gemini-3.1-flash-live-preview", null),
                    arguments(
                            "{'model':'gemini-3.1-flash-live-preview'}",
                            MODEL,
                            null,
                            "gemini-3.1-flash-live-preview",
                            null),
                    arguments(
                            "{'model':'gemini-2.0-flash-exp'}",
                            MODEL,
                            null,
                            "gemini-3.8-live",
                            "The model gemini-2.0-flash-exp is retired; gemini-3.8-live answers instead."),
                    arguments(
                            "{'model':'models/gemini-2.0-flash-exp'}",
                            MODEL,
                            null,
                            "gemini-3.8-live",
                            "The model gemini-2.0-flash-exp is retired; gemini-3.8-live answers instead."),
                    arguments(
                            "{'model':'gemini-2.0-flash-live-001'}",
                            MODEL,
                            null,
                            "gemini-3.8-live",
                            "The model gemini-2.0-flash-live-001 is retired; gemini-3.8-live answers instead."),
                    arguments(
                            "{" + V25 + "}",
                            MODEL,
                            null,
                            "gemini-2.5-flash-native-audio-latest",
                            "The model gemini-2.5-flash-native-audio-latest is deprecated; its successor is"
                                    + " gemini-3.8-live."),
                    arguments(
                            "{" + NEW + "}",
                            "livebridge.policy.unknown-models",
                            "map",
                            "gemini-3.8-live",
                            "The model \"gemini-9-live\" is not allowed here; gemini-3.8-live answers instead."),
                    arguments("{" + NEW + "}", MODELS, LISTED, "gemini-9-live", "The model gemini-9-live" + UNKNOWN),
                    arguments(
                            "{'model':'gemini-8-live'}",
                            MODELS,
                            LISTED,
                            "gemini-8-live",
                            "The model gemini-8-live" + UNKNOWN),
                    // The configured model is allowed without being listed.
                    arguments("{" + V38 + "}", MODELS, LISTED, "gemini-3.8-live", null));
        }

        @ParameterizedTest
        @MethodSource
        void answers(String asked, String setting, @Nullable String value, String model, @Nullable String notice)
                throws Exception {
            Negotiated fitted = fit(asked, value == null ? Map.of() : Map.of(setting, value));

            assertEquals(model, fitted.model());
            assertEquals("gemini", fitted.backend());
            assertGoesUp("{'model':'models/" + model + "'," + AUDIO + "}", fitted);
            assertEquals(notice == null ? List.of() : List.of(notice), fitted.notices());
        }

        @Test
        void thatIsRetiredInTheMeantimeGivesWayToItsSuccessor() throws Exception {
            ModelCatalogue later = Settings.catalogue("2026-11-17", Map.of());
            Map<String, String> settings = Map.of("livebridge.gemini.model", "gemini-3.8-live-extended-thinking");

            Negotiated named = fit(later, "{\"model\":\"models/gemini-3.1-flash-live-preview\"}", settings);
            Negotiated configured = fit(
                    later, "{}", Map.of("livebridge.gemini.model", "gemini-2.5-flash-native-audio-preview-12-2025"));

            assertEquals("gemini-3.8-live", named.model());
            assertEquals(
                    List.of("The model gemini-3.1-flash-live-preview is retired; gemini-3.8-live answers instead."),
                    named.notices());
            assertEquals("gemini-3.8-live", configured.model());
            assertEquals(
                    List.of("The model gemini-2.5-flash-native-audio-preview-12-2025 is retired; gemini-3.8-live"
                            + " answers instead."),
                    configured.notices());
        }

        /** Only where the operator says so: on this account a model of any price would answer. */
        @Test
        void thatIsNotKnownIsLeftToGeminiWhereItIsAllowed() throws Exception {
            Negotiated fitted = fit(
                    "{" + NEW + ",'proactivity':{'proactiveAudio':false},'tools':[{'codeExecution':{}}],"
                            + "'generationConfig':{'thinkingConfig':{'thinkingBudget':7},'enableAffectiveDialog':true,"
                            + "'speechConfig':{'languageCode':'de','voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'Bob'}}}}}",
                    Map.of(
                            "livebridge.policy.unknown-models", "pass",
                            "livebridge.policy.tools", "codeExecution"));

            assertEquals("gemini-9-live", fitted.model());
            assertGoesUp(
                    "{" + NEW + ",'proactivity':{'proactiveAudio':false},'tools':[{'codeExecution':{}}],"
                            + "'generationConfig':{'responseModalities':['AUDIO'],"
                            + "'thinkingConfig':{'thinkingBudget':7},'enableAffectiveDialog':true,'speechConfig':"
                            + "{'languageCode':'de','voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'Bob'}}}}}",
                    fitted);
            assertEquals(1, fitted.notices().size());
            assertTrue(fitted.notices().getFirst().startsWith("The model gemini-9-live is not known here;"));
        }

        @Test
        void thatIsNotKnownIsRefused() {
            assertEquals(
                    new UpstreamEnd(
                            1007,
                            EndCause.BAD_SETUP,
                            RetryClass.NEVER,
                            "The model \"gemini-9-live\" is not allowed here (livebridge.policy.models,"
                                    + " livebridge.policy.unknown-models)."),
                    refusal("{" + NEW + "}"));
        }

        @Test
        void thatTheOperatorDoesNotListIsRefused() {
            assertThrows(UpstreamRefusedException.class, () -> fit("{" + V31 + "}", Map.of(MODELS, LISTED)));
            assertThrows(
                    UpstreamRefusedException.class,
                    () -> fit("{" + V31 + "}", Map.of(MODELS, LISTED, "livebridge.policy.unknown-models", "pass")));
        }
    }

    @Nested
    class WhatIsAskedFor {

        static Stream<Arguments> ofAModelThatSpeaks() {
            return Stream.of(
                    // asked, audio goes down, transcript stands for text, transcription goes up
                    arguments("null", true, false, false),
                    arguments("[]", true, false, false),
                    arguments("['AUDIO']", true, false, false),
                    arguments("'audio'", true, false, false),
                    arguments("['MODALITY_UNSPECIFIED']", true, false, false),
                    arguments("['TEXT']", false, true, true),
                    arguments("'text'", false, true, true),
                    arguments("['TEXT','AUDIO']", true, true, true),
                    arguments("['audio','text','AUDIO']", true, true, true));
        }

        @ParameterizedTest
        @MethodSource
        void ofAModelThatSpeaks(String asked, boolean audio, boolean transcriptAsText, boolean transcription)
                throws Exception {
            Negotiated fitted = fit("{'generationConfig':{'responseModalities':" + asked + "}}");

            assertEquals(audio, fitted.forwardAudio());
            assertEquals(transcriptAsText, fitted.transcriptAsText());
            assertFalse(fitted.forwardTranscription());
            assertGoesUp(
                    "{" + V38 + "," + AUDIO + (transcription ? ",'outputAudioTranscription':{}" : "") + "}", fitted);
        }

        @Test
        void asTextAloneIsExplained() throws Exception {
            assertEquals(
                    List.of("The model gemini-3.8-live only speaks; the transcript of its speech is sent as text."),
                    fit("{'generationConfig':{'responseModalities':['TEXT']}}").notices());
        }

        @Test
        void asTranscriptionIsForwardedAndKeepsItsOptions() throws Exception {
            Negotiated fitted = fit("{'generationConfig':{'responseModalities':['TEXT']},"
                    + "'outputAudioTranscription':{'languageCodes':['de']}}");

            assertTrue(fitted.forwardTranscription());
            assertTrue(fitted.transcriptAsText());
            assertGoesUp("{" + V38 + "," + AUDIO + ",'outputAudioTranscription':{'languageCodes':['de']}}", fitted);
        }

        @Test
        void asNullTranscriptionIsNotAskedFor() throws Exception {
            Negotiated fitted =
                    fit("{'generationConfig':{'responseModalities':['TEXT']},'outputAudioTranscription':null}");

            assertFalse(fitted.forwardTranscription());
            assertGoesUp("{" + V38 + "," + AUDIO + ",'outputAudioTranscription':{}}", fitted);
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "['TEXT']", "['TEXT','AUDIO']"})
        void ofAModelThatWrites(String asked) throws Exception {
            Negotiated fitted = fit("{" + TRANSCRIBE + ",'generationConfig':{'responseModalities':" + asked + "}}");

            assertFalse(fitted.forwardAudio());
            assertFalse(fitted.transcriptAsText());
            assertGoesUp("{" + TRANSCRIBE + ",'generationConfig':{'responseModalities':['TEXT']}}", fitted);
            assertEquals(asked.contains("AUDIO") ? 1 : 0, fitted.notices().size());
        }
    }

    @Nested
    class Refused {

        static Stream<Arguments> withItsReason() {
            return Stream.of(
                    arguments("[]", "setup must be a JSON object."),
                    arguments("{'generationConfig':[]}", "setup.generationConfig must be a JSON object."),
                    arguments("{'model':7}", "setup.model must be a string."),
                    arguments("{'model':'../../admin'}", "setup.model \"../../admin\" is not a model's name."),
                    arguments(
                            "{'generationConfig':{'responseModalities':['VIDEO']}}",
                            "generationConfig.responseModalities can't hold \"VIDEO\"; ask for TEXT, AUDIO or both."),
                    arguments(
                            "{'generationConfig':{'responseModalities':{'a':1}}}",
                            "generationConfig.responseModalities can't hold \"{\"a\":1}\"; ask for TEXT, AUDIO or both."),
                    arguments(
                            "{" + TRANSCRIBE + ",'generationConfig':{'responseModalities':['AUDIO']}}",
                            "The model gemini-3.5-transcribe-live answers in text only; ask for TEXT."),
                    arguments("{'tools':'search'}", "setup.tools must be a list of JSON objects."),
                    arguments("{'tools':['search']}", "setup.tools must be a list of JSON objects."));
        }

        @ParameterizedTest
        @MethodSource
        void withItsReason(String setup, String reason) {
            assertEquals(new UpstreamEnd(1007, EndCause.BAD_SETUP, RetryClass.NEVER, reason), refusal(setup));
        }

        @Test
        void withTheVoicesThereAre() {
            UpstreamEnd end = refusal("{'generationConfig':{'speechConfig':{'voiceConfig':{'prebuiltVoiceConfig':"
                    + "{'voiceName':'Bob'}}}}}");

            assertEquals(EndCause.BAD_SETUP, end.cause());
            assertTrue(end.message().startsWith("There is no voice \"Bob\". The voices are Zephyr, Puck,"));
        }

        @Test
        void withoutEchoingTheClientAtLength() {
            UpstreamEnd end = refusal("{'model':'x y" + "z".repeat(5000) + "'}");

            assertTrue(end.message().length() < 150, end.message());
        }
    }

    /** Setups that need a change besides modality and model, with the notice that goes with it. */
    static Stream<Arguments> changes() {
        return Stream.of(
                // Places
                arguments(
                        "{" + V38 + ",'generationConfig':{'inputAudioTranscription':{'mode':'SMART'}}}",
                        "{" + V38 + "," + AUDIO + ",'inputAudioTranscription':{'mode':'SMART'}}",
                        "inputAudioTranscription belongs in setup, not in generationConfig; it was moved."),
                arguments(
                        "{" + V38 + ",'generationConfig':{'output_audio_transcription':{}}}",
                        "{" + V38 + "," + AUDIO + ",'outputAudioTranscription':{}}",
                        "outputAudioTranscription belongs in setup, not in generationConfig; it was moved."),
                arguments(
                        "{" + V38 + ",'inputAudioTranscription':{},"
                                + "'generationConfig':{'inputAudioTranscription':{'mode':'SMART'}}}",
                        "{" + V38 + "," + AUDIO + ",'inputAudioTranscription':{}}",
                        "inputAudioTranscription stands in setup and in generationConfig; only the first counts."),
                arguments(
                        "{" + V38 + ",'responseModalities':['AUDIO']}",
                        "{" + V38 + "," + AUDIO + "}",
                        "responseModalities belongs in generationConfig, not in setup; it was moved."),
                arguments(
                        "{" + V38 + ",'toolConfig':{}}",
                        "{" + V38 + "," + AUDIO + "}",
                        "toolConfig is not a field of setup; it was left out."),
                arguments(
                        "{" + V38 + ",'explicitVadSignal':true}",
                        "{" + V38 + "," + AUDIO + "}",
                        "explicitVadSignal is known to Vertex AI only; it was left out."),
                arguments(
                        "{" + V38 + ",'sessionResumption':{'transparent':true}}",
                        "{" + V38 + "," + AUDIO + ",'sessionResumption':{}}",
                        "transparent is known to Vertex AI only; it was left out."),
                arguments(
                        "{" + V38 + ",'generationConfig':{'responseMimeType':'text/plain'}}",
                        "{" + V38 + "," + AUDIO + "}",
                        "responseMimeType is not supported in live conversations; it was left out."),
                // A foreign handle would open the conversation of another user of the same account
                arguments(
                        "{" + V38 + ",'sessionResumption':{'handle':'h'}}",
                        "{" + V38 + "," + AUDIO + ",'sessionResumption':{}}",
                        "handle in setup.sessionResumption is not allowed here; it was left out."),
                // Thinking
                arguments(
                        "{" + V38 + ",'generationConfig':{'thinkingConfig':{'thinkingBudget':0}}}",
                        "{" + V38 + "," + AUDIO + "}",
                        "thinkingConfig is not taken by gemini-3.8-live; it was left out."),
                arguments(
                        "{" + THINKING + "}",
                        "{" + THINKING + ",'generationConfig':{'responseModalities':['AUDIO'],"
                                + "'thinkingConfig':{'thinkingLevel':'LOW'}}}",
                        "The model gemini-3.8-live-extended-thinking wants a thinkingLevel; LOW was set."),
                arguments(
                        "{" + V31
                                + ",'generationConfig':{'thinkingConfig':{'thinkingBudget':9,'thinkingLevel':'high'}}}",
                        "{" + V31 + ",'generationConfig':{'responseModalities':['AUDIO'],"
                                + "'thinkingConfig':{'thinkingLevel':'HIGH'}}}",
                        "thinkingBudget is not taken by gemini-3.1-flash-live-preview, which has a thinkingLevel;"
                                + " it was left out."),
                arguments(
                        "{" + V31
                                + ",'generationConfig':{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'MAX'}}}",
                        "{" + V31 + ",'generationConfig':{'responseModalities':['AUDIO'],"
                                + "'thinkingConfig':{'includeThoughts':true}}}",
                        "thinkingLevel \"MAX\" is not taken by gemini-3.1-flash-live-preview, which has MINIMAL, LOW,"
                                + " MEDIUM, HIGH; it was left out."),
                // Voice and language
                arguments(
                        "{" + V38 + ",'generationConfig':{'speechConfig':{'languageCode':'de-DE',"
                                + "'voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'kore'}}}}}",
                        "{" + V38 + ",'generationConfig':{'responseModalities':['AUDIO'],'speechConfig':"
                                + "{'voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'Kore'}}}}}",
                        "languageCode is not taken by gemini-3.8-live; it was left out."),
                // Initiative
                arguments(
                        "{" + V38 + ",'proactivity':{'proactiveAudio':false}}",
                        "{" + V38 + "," + AUDIO + "}",
                        "proactivity can't be switched off for gemini-3.8-live; it was left out."),
                arguments(
                        "{" + V31 + ",'proactivity':{'proactiveAudio':true}}",
                        "{" + V31 + "," + AUDIO + "}",
                        "proactivity is not taken by gemini-3.1-flash-live-preview; it was left out."),
                arguments(
                        "{" + V38 + ",'generationConfig':{'enableAffectiveDialog':true}}",
                        "{" + V38 + "," + AUDIO + "}",
                        "enableAffectiveDialog is not taken by gemini-3.8-live; it was left out."),
                // Turns
                arguments(
                        "{" + V31 + ",'realtimeInputConfig':{'automaticActivityDetection':{'disabled':true}}}",
                        "{" + V31 + "," + AUDIO + ",'realtimeInputConfig':{"
                                + "'automaticActivityDetection':{'disabled':true},"
                                + "'turnCoverage':'TURN_INCLUDES_ALL_INPUT'}}",
                        "The client marks its turns itself; turnCoverage TURN_INCLUDES_ALL_INPUT was set so that"
                                + " gemini-3.1-flash-live-preview hears them."),
                // Tools
                arguments(
                        "{" + V38 + ",'tools':[{'googleSearch':{}},{'codeExecution':{}}]}",
                        "{" + V38 + "," + AUDIO + ",'tools':[{'googleSearch':{}}]}",
                        "codeExecution is a tool that gemini-3.8-live does not have; it has functionDeclarations and"
                                + " googleSearch; it was left out."),
                arguments(
                        "{" + V38 + ",'tools':[{'urlContext':{}}]}",
                        "{" + V38 + "," + AUDIO + "}",
                        "urlContext is a tool that gemini-3.8-live does not have; it has functionDeclarations and"
                                + " googleSearch; it was left out."),
                arguments(
                        "{" + V31 + ",'tools':[{'functionDeclarations':[{'name':'f','behavior':'NON_BLOCKING'}]}]}",
                        "{" + V31 + "," + AUDIO + ",'tools':[{'functionDeclarations':[{'name':'f'}]}]}",
                        "behavior \"NON_BLOCKING\" of function \"f\" is not taken by gemini-3.1-flash-live-preview;"
                                + " it was left out."));
    }

    @ParameterizedTest
    @MethodSource
    void changes(String asked, String goesUp, String notice) throws Exception {
        Negotiated fitted = fit(asked);

        assertGoesUp(goesUp, fitted);
        assertEquals(List.of(notice), fitted.notices());
    }

    /** Setups that already fit: but for the modality, which is always sent, nothing changes and nothing is said. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{" + V38
                        + ",'contextWindowCompression':{'triggerTokens':'25000','slidingWindow':{'targetTokens':'8000'}}}",
                "{" + V38 + ",'proactivity':{'proactiveAudio':true}}",
                "{" + V38 + ",'systemInstruction':{'parts':[{'text':'Be brief.'}]},'sessionResumption':{}}",
                "{" + V38 + ",'inputAudioTranscription':{},'outputAudioTranscription':{}}",
                "{" + V38 + ",'tools':[{'functionDeclarations':[{'name':'f','behavior':'BLOCKING','parameters':"
                        + "{'type':'OBJECT','properties':{'a':{'type':'STRING','default':null}}}}]}]}",
                "{" + V38 + ",'realtimeInputConfig':{'automaticActivityDetection':{'silenceDurationMs':500}}}",
                "{" + V31 + ",'realtimeInputConfig':{'automaticActivityDetection':{'disabled':true},"
                        + "'turnCoverage':'TURN_INCLUDES_ONLY_ACTIVITY'}}",
                "{" + V31 + ",'historyConfig':{'initialHistoryInClientContent':true}}",
            })
    void leavesAloneWhatFits(String asked) throws Exception {
        Negotiated fitted = fit(asked);

        assertGoesUp(asked.substring(0, asked.length() - 1) + "," + AUDIO + "}", fitted);
        assertEquals(List.of(), fitted.notices());
    }

    @Test
    void initiativeOf25NeedsTheAlphaVersion() throws Exception {
        String asked = "{" + V25 + ",'proactivity':{'proactiveAudio':true},'generationConfig':{"
                + "'responseModalities':['AUDIO'],'enableAffectiveDialog':true}}";

        assertGoesUp(asked, fit(asked, Map.of("livebridge.gemini.api-version", "v1alpha")));

        Negotiated beta = fit(asked);
        assertGoesUp("{" + V25 + "," + AUDIO + "}", beta);
        assertTrue(beta.notices()
                .contains("proactivity is taken by gemini-2.5-flash-native-audio-latest on v1alpha only"
                        + " (livebridge.gemini.api-version); it was left out."));
    }

    @Test
    void theTutorialsSetupIsAnsweredInText() throws Exception {
        Negotiated fitted =
                fit("{'model':'models/gemini-2.0-flash-exp','generationConfig':{'responseModalities':['TEXT']}}");

        assertFalse(fitted.forwardAudio());
        assertTrue(fitted.transcriptAsText());
        assertGoesUp("{" + V38 + "," + AUDIO + ",'outputAudioTranscription':{}}", fitted);
        assertEquals(2, fitted.notices().size());
    }

    /** Each unknown member of a tool makes a notice; a setup of the largest size holds 150,000 of them. */
    @Test
    void noticesAreBoundedInNumberAndBytes() throws UpstreamRefusedException {
        StringBuilder tool = new StringBuilder("{");
        for (int i = 0; i < 60_000; i++) {
            tool.append("\"n").append(i).append("\":0,");
        }
        tool.append('"').append("long".repeat(10_000)).append("\":0}");

        List<String> notices = fit("{" + V31 + ",'tools':[" + tool + "]}").notices();

        assertEquals(SetupEdits.MAX_NOTICES + 1, notices.size());
        assertTrue(notices.getLast().startsWith("The setup was changed in 5"), notices.getLast());
        int bytes = notices.stream().mapToInt(String::length).sum();
        assertTrue(bytes < 10_000, bytes + " characters");
    }

    @Test
    void aNoticeWithAHugeNameIsCut() throws UpstreamRefusedException {
        List<String> notices =
                fit("{" + V31 + ",'tools':[{'" + "x".repeat(40_000) + "':{}}]}").notices();

        assertTrue(notices.stream().allMatch(notice -> notice.length() <= 513), notices.toString());
        assertTrue(notices.stream().anyMatch(notice -> notice.endsWith("…")));
    }

    // ---- what this caller may ask for ---------------------------------------------------------------------------

    private static Permissions only(Excess excess) {
        return new Permissions(
                null,
                Set.of("gemini-2.5-flash-native-audio-latest"),
                Set.of(Modality.TEXT),
                false,
                false,
                false,
                true,
                null,
                excess);
    }

    @Test
    void whatACallerMayNotHaveIsLeftOutAndTold() throws UpstreamRefusedException {
        Negotiated agreed = fit(
                CATALOGUE,
                json("{" + V38 + ",'systemInstruction':{'parts':[{'text':'Be rude'}]},"
                        + "'tools':[{'functionDeclarations':[{'name':'f'}]}],"
                        + "'generationConfig':{'responseModalities':['AUDIO','TEXT']}}"),
                Map.of("livebridge.gemini.model", "gemini-2.5-flash-native-audio-latest"),
                only(Excess.TELL));

        assertEquals("gemini-2.5-flash-native-audio-latest", agreed.model());
        assertFalse(agreed.forwardAudio());
        assertTrue(agreed.transcriptAsText());
        assertFalse(agreed.setup().contains("Be rude"), agreed.setup());
        assertFalse(agreed.setup().contains("functionDeclarations"), agreed.setup());
        for (String what : List.of("gemini-3.8-live", "system instruction", "Tools", "AUDIO")) {
            assertTrue(
                    agreed.notices().stream()
                            .anyMatch(notice -> notice.contains(what) && notice.contains("for this caller")),
                    what + " is not told: " + agreed.notices());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{" + V38 + "}",
                "{" + V25 + ",'systemInstruction':{'parts':[{'text':'Be rude'}]}}",
                "{" + V25 + ",'tools':[{'functionDeclarations':[{'name':'f'}]}]}",
                "{" + V25 + ",'generationConfig':{'responseModalities':['AUDIO','TEXT']}}",
                "{" + V25 + ",'responseModalities':['AUDIO']}"
            })
    void aRuleMayRefuseWhatGoesBeyondIt(String setup) {
        UpstreamRefusedException refused = assertThrows(
                UpstreamRefusedException.class, () -> fit(CATALOGUE, json(setup), Map.of(), only(Excess.REFUSE)));

        assertEquals(EndCause.BAD_SETUP, refused.end().cause());
        assertTrue(
                refused.end().message().contains("for this caller"),
                refused.end().message());
    }

    @Test
    void theInstructionOfTheOperatorHoldsForACallerWithoutOne() throws UpstreamRefusedException {
        Negotiated agreed = fit(
                CATALOGUE,
                json("{" + V25 + ",'systemInstruction':{'parts':[{'text':'Be rude'}]},"
                        + "'generationConfig':{'responseModalities':['TEXT']}}"),
                Map.of(
                        "livebridge.policy.system-instruction", "prefix",
                        "livebridge.policy.system-instruction-text", "Be polite."),
                only(Excess.TELL));

        assertTrue(agreed.setup().contains("Be polite."), agreed.setup());
        assertFalse(agreed.setup().contains("Be rude"), agreed.setup());
    }
}
