package dev.livebridge.gemini;

import static dev.livebridge.gemini.SetupFittingFixture.AUDIO;
import static dev.livebridge.gemini.SetupFittingFixture.V25;
import static dev.livebridge.gemini.SetupFittingFixture.V31;
import static dev.livebridge.gemini.SetupFittingFixture.V38;
import static dev.livebridge.gemini.SetupFittingFixture.assertGoesUp;
import static dev.livebridge.gemini.SetupFittingFixture.fit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Negotiated;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of a setup that a model does not take, and the notices about them. JSON is written with single quotes. */
class SetupFieldsTest {

    private static final String THINKING = "'model':'models/gemini-3.8-live-extended-thinking'";

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
                leftOut("'toolConfig':{}", "toolConfig is not a field of setup; it was left out."),
                leftOut("'explicitVadSignal':true", "explicitVadSignal is known to Vertex AI only; it was left out."),
                arguments(
                        "{" + V38 + ",'sessionResumption':{'transparent':true}}",
                        "{" + V38 + "," + AUDIO + ",'sessionResumption':{}}",
                        "transparent is known to Vertex AI only; it was left out."),
                leftOut(
                        "'generationConfig':{'responseMimeType':'text/plain'}",
                        "responseMimeType is not supported in live conversations; it was left out."),
                // A foreign handle would open the conversation of another user of the same account
                arguments(
                        "{" + V38 + ",'sessionResumption':{'handle':'h'}}",
                        "{" + V38 + "," + AUDIO + ",'sessionResumption':{}}",
                        "handle in setup.sessionResumption is not allowed here; it was left out."),
                // Thinking
                leftOut(
                        "'generationConfig':{'thinkingConfig':{'thinkingBudget':0}}",
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
                leftOut(
                        "'proactivity':{'proactiveAudio':false}",
                        "proactivity can't be switched off for gemini-3.8-live; it was left out."),
                arguments(
                        "{" + V31 + ",'proactivity':{'proactiveAudio':true}}",
                        "{" + V31 + "," + AUDIO + "}",
                        "proactivity is not taken by gemini-3.1-flash-live-preview; it was left out."),
                leftOut(
                        "'generationConfig':{'enableAffectiveDialog':true}",
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
                leftOut(
                        "'tools':[{'urlContext':{}}]",
                        "urlContext is a tool that gemini-3.8-live does not have; it has functionDeclarations and"
                                + " googleSearch; it was left out."),
                arguments(
                        "{" + V31 + ",'tools':[{'functionDeclarations':[{'name':'f','behavior':'NON_BLOCKING'}]}]}",
                        "{" + V31 + "," + AUDIO + ",'tools':[{'functionDeclarations':[{'name':'f'}]}]}",
                        "behavior \"NON_BLOCKING\" of function \"f\" is not taken by gemini-3.1-flash-live-preview;"
                                + " it was left out."));
    }

    /** A field of a setup that is left out, and nothing else changes. */
    private static Arguments leftOut(String field, String notice) {
        return arguments("{" + V38 + "," + field + "}", "{" + V38 + "," + AUDIO + "}", notice);
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

    // ---- bounds of the notices ---------------------------------------------------------------------------------

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
}
