package dev.livebridge.gemini;

import static dev.livebridge.gemini.SetupFittingFixture.AUDIO;
import static dev.livebridge.gemini.SetupFittingFixture.TRANSCRIBE;
import static dev.livebridge.gemini.SetupFittingFixture.V38;
import static dev.livebridge.gemini.SetupFittingFixture.assertGoesUp;
import static dev.livebridge.gemini.SetupFittingFixture.fit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Negotiated;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which modalities a client asks for, and what goes up. JSON is written with single quotes. */
class SetupModalityTest {

    static Stream<Arguments> aModelThatSpeaks() {
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
    void aModelThatSpeaks(String asked, boolean audio, boolean transcriptAsText, boolean transcription)
            throws Exception {
        Negotiated fitted = fit("{'generationConfig':{'responseModalities':" + asked + "}}");

        assertEquals(audio, fitted.forwardAudio());
        assertEquals(transcriptAsText, fitted.transcriptAsText());
        assertFalse(fitted.forwardTranscription());
        assertGoesUp("{" + V38 + "," + AUDIO + (transcription ? ",'outputAudioTranscription':{}" : "") + "}", fitted);
    }

    @Test
    void textAloneIsExplained() throws Exception {
        assertEquals(
                List.of("The model gemini-3.8-live only speaks; the transcript of its speech is sent as text."),
                fit("{'generationConfig':{'responseModalities':['TEXT']}}").notices());
    }

    @Test
    void transcriptionIsForwardedAndKeepsItsOptions() throws Exception {
        Negotiated fitted = fit("{'generationConfig':{'responseModalities':['TEXT']},"
                + "'outputAudioTranscription':{'languageCodes':['de']}}");

        assertTrue(fitted.forwardTranscription());
        assertTrue(fitted.transcriptAsText());
        assertGoesUp("{" + V38 + "," + AUDIO + ",'outputAudioTranscription':{'languageCodes':['de']}}", fitted);
    }

    @Test
    void nullTranscriptionIsNotAskedFor() throws Exception {
        Negotiated fitted = fit("{'generationConfig':{'responseModalities':['TEXT']},'outputAudioTranscription':null}");

        assertFalse(fitted.forwardTranscription());
        assertGoesUp("{" + V38 + "," + AUDIO + ",'outputAudioTranscription':{}}", fitted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "['TEXT']", "['TEXT','AUDIO']"})
    void aModelThatWrites(String asked) throws Exception {
        Negotiated fitted = fit("{" + TRANSCRIBE + ",'generationConfig':{'responseModalities':" + asked + "}}");

        assertFalse(fitted.forwardAudio());
        assertFalse(fitted.transcriptAsText());
        assertGoesUp("{" + TRANSCRIBE + ",'generationConfig':{'responseModalities':['TEXT']}}", fitted);
        assertEquals(asked.contains("AUDIO") ? 1 : 0, fitted.notices().size());
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
}
