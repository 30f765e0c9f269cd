package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalization of a setup, tested through a dialect. */
class GeminiMessageParserTest {

    static Stream<Arguments> setups() {
        return Stream.of(
                arguments(
                        "{\"generation_config\":{\"response_modalities\":\"text\"}}",
                        "{\"generationConfig\":{\"responseModalities\":[\"TEXT\"]}}"),
                arguments(
                        "{\"generationConfig\":{\"responseModalities\":[\"Audio\",\"text\",3]}}",
                        "{\"generationConfig\":{\"responseModalities\":[\"AUDIO\",\"TEXT\",3]}}"),
                arguments(
                        "{\"generation_config\":{\"top_p\":0.90,\"top_k\":40.0,\"max_output_tokens\":1e3,\"temperature\":\"0.5\"}}",
                        "{\"generationConfig\":{\"topP\":0.90,\"topK\":40.0,\"maxOutputTokens\":1E+3,\"temperature\":\"0.5\"}}"),
                arguments(
                        "{\"generation_config\":{\"speech_config\":{\"voice_config\":{\"prebuilt_voice_config\":"
                                + "{\"voice_name\":\"Kore\"}},\"language_code\":\"en-US\"}}}",
                        "{\"generationConfig\":{\"speechConfig\":{\"voiceConfig\":{\"prebuiltVoiceConfig\":"
                                + "{\"voiceName\":\"Kore\"}},\"languageCode\":\"en-US\"}}}"),
                arguments(
                        "{\"system_instruction\":{\"parts\":{\"text\":\"snake_case stays\"}}}",
                        "{\"systemInstruction\":{\"parts\":[{\"text\":\"snake_case stays\"}]}}"),
                arguments(
                        "{\"tools\":{\"function_declarations\":{\"name\":\"get_it\",\"parameters\":{\"type\":\"OBJECT\","
                                + "\"properties\":{\"my_key\":{\"any_of\":[]}}},\"parameters_json_schema\":{\"a_b\":1},"
                                + "\"response\":{\"c_d\":null}}}}",
                        "{\"tools\":[{\"functionDeclarations\":[{\"name\":\"get_it\",\"parameters\":{\"type\":\"OBJECT\","
                                + "\"properties\":{\"my_key\":{\"any_of\":[]}}},\"parametersJsonSchema\":{\"a_b\":1},"
                                + "\"response\":{\"c_d\":null}}]}]}"),
                arguments("{\"tools\":[{\"google_search\":{}}]}", "{\"tools\":[{\"googleSearch\":{}}]}"),
                arguments(
                        "{\"realtime_input_config\":{\"automatic_activity_detection\":{\"silence_duration_ms\":500,"
                                + "\"start_of_speech_sensitivity\":\"START_SENSITIVITY_LOW\"},\"turn_coverage\":\"X\"}}",
                        "{\"realtimeInputConfig\":{\"automaticActivityDetection\":{\"silenceDurationMs\":500,"
                                + "\"startOfSpeechSensitivity\":\"START_SENSITIVITY_LOW\"},\"turnCoverage\":\"X\"}}"),
                arguments(
                        "{\"context_window_compression\":{\"trigger_tokens\":\"25000\",\"sliding_window\":{\"target_tokens\":8000}}}",
                        "{\"contextWindowCompression\":{\"triggerTokens\":\"25000\",\"slidingWindow\":{\"targetTokens\":8000}}}"),
                arguments(
                        "{\"input_audio_transcription\":{\"language_codes\":\"en\"},\"output_audio_transcription\":{},"
                                + "\"session_resumption\":{\"handle\":\"h\"},\"history_config\":"
                                + "{\"initial_history_in_client_content\":true}}",
                        "{\"inputAudioTranscription\":{\"languageCodes\":[\"en\"]},\"outputAudioTranscription\":{},"
                                + "\"sessionResumption\":{\"handle\":\"h\"},\"historyConfig\":"
                                + "{\"initialHistoryInClientContent\":true}}"),
                arguments(
                        "{\"avatar_config\":{\"customized_avatar\":{\"image_data\":\"_w\",\"image_mime_type\":\"i\"}}}",
                        "{\"avatarConfig\":{\"customizedAvatar\":{\"imageData\":\"/w==\",\"imageMimeType\":\"i\"}}}"),
                arguments("{\"model\":null,\"tools\":null}", "{}"),
                arguments(
                        "{\"brand_new\":{\"snake_key\":[null]},\"generationConfig\":{\"novel_thing\":1,\"x\":null}}",
                        "{\"brand_new\":{\"snake_key\":[null]},\"generationConfig\":{\"novel_thing\":1,\"x\":null}}"));
    }

    @ParameterizedTest
    @MethodSource
    void setups(String setup, String canonical) throws BadInputException {
        assertEquals(
                List.of(new ClientMessage.Setup(canonical)),
                new TutorialDialect().decodeFirst("{\"setup\":" + setup + "}"));
    }

    static Stream<Arguments> clientContents() {
        return Stream.of(
                arguments(
                        "{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"},{\"inline_data\":{\"mime_type\":\"image/jpeg\","
                                + "\"data\":\"_9j_2Q\"}},{\"thought_signature\":\"-_\"}]}]}",
                        "{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"},{\"inlineData\":{\"mimeType\":\"image/jpeg\","
                                + "\"data\":\"/9j/2Q==\"}},{\"thoughtSignature\":\"+/==\"}]}]}",
                        List.of(new TranscriptEntry(Role.USER, "a"))),
                arguments(
                        "{\"turns\":{\"parts\":{\"function_call\":{\"id\":\"1\",\"args\":{\"snake_key\":{\"inner_key\":1}}}}}}",
                        "{\"turns\":[{\"parts\":[{\"functionCall\":{\"id\":\"1\",\"args\":{\"snake_key\":{\"inner_key\":1}}}}]}]}",
                        List.of()),
                arguments("{\"turn_complete\":true}", "{\"turnComplete\":true}", List.of()));
    }

    @ParameterizedTest
    @MethodSource
    void clientContents(String content, String canonical, List<TranscriptEntry> said) throws BadInputException {
        assertEquals(
                List.of(new ClientMessage.ClientContent(canonical, said)),
                new TutorialDialect().decode("{\"client_content\":" + content + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"turns\":null}",
                "{\"turns\":[]}",
                "{\"turns\":[{}]}",
                "{\"turns\":[{\"role\":\"user\"}]}",
                "{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":null}]}]}",
                "{\"turns\":[{\"role\":\"stranger\",\"parts\":[{\"text\":\"a\"}]}]}",
                "{\"turns\":[{\"role\":7,\"parts\":[{\"text\":\"a\"}]}]}",
                "{\"turns\":[{\"parts\":[{\"text\":{\"a\":1}}]}]}"
            })
    void aHistoryInWhichNobodySaysAnythingIsPassedOnWithoutText(String content) throws BadInputException {
        List<ClientMessage> messages = new TutorialDialect().decode("{\"client_content\":" + content + "}");

        ClientMessage.ClientContent passedOn = assertInstanceOf(ClientMessage.ClientContent.class, messages.getFirst());
        assertEquals(List.of(), passedOn.said());
    }

    @Test
    void whatBothSidesSaidInAHistoryIsItsText() throws BadInputException {
        List<ClientMessage> messages = new TutorialDialect().decode("""
                        {"client_content": {"turns": [
                            {"parts": [{"text": "My name "}, {"text": "is Ada."}]},
                            {"role": "model", "parts": [{"text": "She said it.", "thought": true}, {"text": "Hello."}]},
                            {"role": "system", "parts": [{"text": "Be brief."}]},
                            {"role": "user", "parts": []},
                            {"role": "user", "parts": [{"text": " "}]},
                            {"role": "user", "parts": [{"text": "And yours?"}]}]}}""");

        ClientMessage.ClientContent content = assertInstanceOf(ClientMessage.ClientContent.class, messages.getFirst());
        assertEquals(
                List.of(
                        new TranscriptEntry(Role.USER, "My name is Ada."),
                        new TranscriptEntry(Role.MODEL, "Hello."),
                        new TranscriptEntry(Role.USER, "And yours?")),
                content.said());
    }
}
