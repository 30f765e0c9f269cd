package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.session.memory.Continuation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumptionSetupTest {

    private static final ModelCatalogue CATALOGUE = Settings.catalogue();
    private static final List<TranscriptEntry> TALK = List.of(
            new TranscriptEntry(Role.USER, "What is the \"capital\" of France?"),
            new TranscriptEntry(Role.MODEL, "Paris"));
    private static final String TOLD = "{\"turns\":["
            + "{\"role\":\"user\",\"parts\":[{\"text\":\"What is the \\\"capital\\\" of France?\"}]},"
            + "{\"role\":\"model\",\"parts\":[{\"text\":\"Paris\"}]}]";
    private static final String TRANSCRIBED =
            "\"inputAudioTranscription\":{},\"outputAudioTranscription\":{},\"sessionResumption\":";

    @Test
    void aNewConversationAsksForHandlesAndTranscripts() {
        ResumptionSetup continuing = continuing("gemini-3.8-live", new Continuation.New());

        assertEquals("{" + TRANSCRIBED + "{}}", continuing.setup("{}"));
        assertEquals(List.of(), continuing.opening());
    }

    @Test
    void whatTheClientAskedForStays() {
        ResumptionSetup continuing = continuing("gemini-3.8-live", new Continuation.New());
        String own = "{\"inputAudioTranscription\":{\"languageCodes\":[\"de\"]},\"outputAudioTranscription\":{},"
                + "\"sessionResumption\":{\"handle\":\"mine\"},"
                + "\"historyConfig\":{\"initialHistoryInClientContent\":true}}";

        assertEquals(own, continuing.setup(own));
    }

    @Test
    void aResumedOneBringsItsHandleAndAnnouncesNoHistory() {
        ResumptionSetup continuing = continuing("gemini-3.1-flash-live-preview", new Continuation.Resumed("h", "m"));

        assertEquals(
                "{" + TRANSCRIBED + "{\"handle\":\"h\"}}",
                continuing.setup("{\"historyConfig\":{\"initialHistoryInClientContent\":true}}"));
        assertEquals(List.of(), continuing.opening());
    }

    @Test
    void aModelThatTakesHistoryAtAnyTimeGetsItWithoutARequestToAnswer() {
        ResumptionSetup continuing = continuing("gemini-3.8-live", new Continuation.Rebuilt(TALK, "m"));

        assertEquals("{" + TRANSCRIBED + "{}}", continuing.setup("{}"));
        assertEquals(List.of(new ClientMessage.ClientContent(TOLD + "}", List.of())), continuing.opening());
    }

    @Test
    void aModelThatTakesInitialHistoryOnlyHasItAnnouncedAndEnded() {
        ResumptionSetup continuing = continuing("gemini-3.1-flash-live-preview", new Continuation.Rebuilt(TALK, "m"));

        assertEquals(
                "{" + TRANSCRIBED + "{},\"historyConfig\":{\"initialHistoryInClientContent\":true}}",
                continuing.setup("{}"));
        assertEquals(
                List.of(new ClientMessage.ClientContent(TOLD + ",\"turnComplete\":true}", List.of())),
                continuing.opening());
    }

    @Test
    void aModelThatWantsTheUsersWordLastGetsOne() {
        ResumptionSetup continuing =
                continuing("gemini-2.5-flash-native-audio-latest", new Continuation.Rebuilt(TALK, "m"));

        String told = ((ClientMessage.ClientContent) continuing.opening().getFirst()).json();
        assertEquals(
                TOLD.substring(0, TOLD.length() - 1)
                        + ",{\"role\":\"user\",\"parts\":[{\"text\":"
                        + "\"(The connection was renewed. The conversation goes on.)\"}]}]}",
                told);
    }

    @ParameterizedTest
    @CsvSource({"gemini-3.8-live", "gemini-3.1-flash-live-preview", "gemini-2.5-flash-native-audio-latest"})
    void aConversationWithoutTextHasNoHistory(String model) {
        ResumptionSetup continuing = continuing(model, new Continuation.Rebuilt(List.of(), model));

        assertEquals("{" + TRANSCRIBED + "{}}", continuing.setup("{}"));
        assertEquals(List.of(), continuing.opening());
    }

    @Test
    void aModelThatAnswersInTextGetsNeitherTranscriptionNorHistory() {
        ResumptionSetup continuing = continuing("gemini-3.5-transcribe-live", new Continuation.Rebuilt(TALK, "m"));

        assertEquals("{\"sessionResumption\":{}}", continuing.setup("{}"));
        assertEquals(List.of(), continuing.opening());
    }

    private static ResumptionSetup continuing(String model, Continuation continuation) {
        return new ResumptionSetup(CATALOGUE.find(model), continuation);
    }
}
