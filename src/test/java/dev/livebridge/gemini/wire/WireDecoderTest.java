package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WireDecoderTest {

    private final WireDecoder decoder = new WireDecoder();

    static Stream<Arguments> frames() {
        ServerMessage.Audio audio = new ServerMessage.Audio(new Base64Text("AAA="), "audio/pcm;rate=24000");
        return Stream.of(
                arguments("{}", List.of()),
                arguments(" {\n} ", List.of()),
                arguments("{\n  \"setupComplete\": {}\n}\n", List.of(new ServerMessage.SetupComplete("{}"))),
                arguments(
                        "{\"setupComplete\":{\"sessionId\":\"s\"}}",
                        List.of(new ServerMessage.SetupComplete("{\"sessionId\":\"s\"}"))),
                arguments("{\"serverContent\":{}}", List.of()),
                arguments("{\"serverContent\":null}", List.of()),
                arguments("{\"serverContent\":{\"modelTurn\":{}}}", List.of()),
                arguments(
                        parts("{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"AAA=\"}}"),
                        List.of(audio)),
                arguments(
                        parts("{\"inline_data\":{\"mime_type\":\"audio/pcm;rate=24000\",\"data\":\"AAA\"}}"),
                        List.of(audio)),
                arguments("""
                        {
                          "serverContent": {
                            "modelTurn": {
                              "role": "model",
                              "parts": [
                                {
                                  "inlineData": {
                                    "data": "AAA=",
                                    "mimeType": "audio/pcm;rate=24000"
                                  }
                                }
                              ]
                            }
                          }
                        }
                        """, List.of(audio)),
                arguments(
                        parts(
                                "{\"text\":\"a\"},{\"inlineData\":{\"data\":\"AAA=\",\"mimeType\":\"audio/pcm;rate=24000\"}},"
                                        + "{\"text\":\"b\",\"thought\":true},{\"executableCode\":{\"code\":\"x\"}},"
                                        + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAA=\"}},{}"),
                        List.of(
                                new ServerMessage.Text("a", false),
                                audio,
                                new ServerMessage.Text("b", true),
                                new ServerMessage.OtherPart("{\"executableCode\":{\"code\":\"x\"}}"),
                                new ServerMessage.OtherPart(
                                        "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAA=\"}}"),
                                new ServerMessage.OtherPart("{}"))),
                arguments(
                        parts("{\"text\":\"a\",\"thoughtSignature\":\"AA==\"}"),
                        List.of(new ServerMessage.Text("a", false, "{\"thoughtSignature\":\"AA==\"}"))),
                arguments(
                        parts("{\"thought\":true,\"text\":\"a\",\"new\":[{\"b\":1}]},{\"text\":\"c\"}"),
                        List.of(
                                new ServerMessage.Text("a", true, "{\"new\":[{\"b\":1}]}"),
                                new ServerMessage.Text("c", false))),
                arguments(
                        parts(
                                "{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"AAA=\",\"displayName\":\"x\"}}"),
                        List.of(new ServerMessage.Audio(
                                audio.data(), audio.mimeType(), "{\"inlineData\":{\"displayName\":\"x\"}}"))),
                arguments(
                        parts(
                                "{\"thoughtSignature\":\"AA==\",\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"AAA=\"}}"),
                        List.of(new ServerMessage.Audio(
                                audio.data(), audio.mimeType(), "{\"thoughtSignature\":\"AA==\"}"))),
                arguments(
                        parts("{\"functionCall\":{\"id\":\"1\",\"name\":\"f\"}},{\"function_call\":{\"name\":\"g\"}}"),
                        List.of(
                                new ServerMessage.OtherPart("{\"functionCall\":{\"id\":\"1\",\"name\":\"f\"}}"),
                                new ServerMessage.OtherPart("{\"function_call\":{\"name\":\"g\"}}"),
                                new ServerMessage.ToolCall(
                                        List.of(
                                                new ServerMessage.FunctionCall("1", "f"),
                                                new ServerMessage.FunctionCall(null, "g")),
                                        "{\"functionCalls\":[{\"id\":\"1\",\"name\":\"f\"},{\"name\":\"g\"}]}",
                                        true))),
                arguments(
                        "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"functionCall\":{\"id\":\"1\"}},{\"functionCall\":"
                                + "{\"name\":\"g\",\"args\":{}}}]}},\"toolCall\":{\"functionCalls\":[{\"id\":\"1\"},"
                                + "{\"name\":\"g\",\"args\":{}}]}}",
                        List.of(
                                new ServerMessage.OtherPart("{\"functionCall\":{\"id\":\"1\"}}"),
                                new ServerMessage.OtherPart("{\"functionCall\":{\"name\":\"g\",\"args\":{}}}"),
                                new ServerMessage.ToolCall(
                                        List.of(
                                                new ServerMessage.FunctionCall("1", ""),
                                                new ServerMessage.FunctionCall(null, "g")),
                                        "{\"functionCalls\":[{\"id\":\"1\"},{\"name\":\"g\",\"args\":{}}]}"))),
                arguments(
                        "{\"toolCallCancellation\":{\"ids\":[\"1\"],\"why\":\"x\"}}",
                        List.of(new ServerMessage.ToolCallCancellation(
                                List.of("1"), "{\"ids\":[\"1\"],\"why\":\"x\"}"))),
                arguments(
                        "{\"serverContent\":{\"modelTurn\":{\"role\":\"tool\",\"parts\":[]}}}",
                        List.of(new ServerMessage.Unknown("serverContent.modelTurn", "role", "\"tool\""))),
                arguments(
                        """
                        {"usageMetadata":{"totalTokenCount":3},
                         "serverContent":{"turnComplete":true,"turnCompleteReason":"NEW_REASON","generationComplete":true,
                          "interactionStatus":"IN_PROGRESS","waitingForInput":true,
                          "outputTranscription":{"text":" out"},"inputTranscription":{"text":"in","finished":true},
                          "interimInputTranscription":{"text":"i"},"groundingMetadata":{"webSearchQueries":["q"]},
                          "urlContextMetadata":{},"modelTurn":{"parts":[{"text":"t"}]},"interrupted":true,"novel":[1]},
                         "goAway":{"timeLeft":"9.5s","why":"x"},"sessionResumptionUpdate":{},
                         "toolCall":{"functionCalls":[{"id":"1","name":"f"},{"name":"g"}]},
                         "toolCallCancellation":{"ids":["0"]},"voiceActivity":{"type":"ACTIVITY_START"},"news":"n"}""",
                        List.of(
                                new ServerMessage.VoiceActivity(
                                        "voiceActivity", "ACTIVITY_START", "{\"type\":\"ACTIVITY_START\"}"),
                                new ServerMessage.Interrupted(),
                                new ServerMessage.Text("t", false),
                                new ServerMessage.Transcription(
                                        TranscriptSource.INPUT, "in", true, "{\"text\":\"in\",\"finished\":true}"),
                                new ServerMessage.Transcription(
                                        TranscriptSource.INTERIM_INPUT, "i", false, "{\"text\":\"i\"}"),
                                new ServerMessage.Transcription(
                                        TranscriptSource.OUTPUT, " out", false, "{\"text\":\" out\"}"),
                                new ServerMessage.Grounding("groundingMetadata", "{\"webSearchQueries\":[\"q\"]}"),
                                new ServerMessage.Grounding("urlContextMetadata", "{}"),
                                new ServerMessage.ToolCall(
                                        List.of(
                                                new ServerMessage.FunctionCall("1", "f"),
                                                new ServerMessage.FunctionCall(null, "g")),
                                        "{\"functionCalls\":[{\"id\":\"1\",\"name\":\"f\"},{\"name\":\"g\"}]}"),
                                new ServerMessage.ToolCallCancellation(List.of("0")),
                                new ServerMessage.GenerationComplete(),
                                new ServerMessage.WaitingForInput(),
                                new ServerMessage.InteractionStatus("IN_PROGRESS", true),
                                new ServerMessage.TurnComplete("NEW_REASON", "{\"totalTokenCount\":3}"),
                                new ServerMessage.Unknown("serverContent", "novel", "[1]"),
                                new ServerMessage.Usage(0, 0, 3, "{\"totalTokenCount\":3}"),
                                new ServerMessage.ResumptionUpdate(null, false, "{}"),
                                new ServerMessage.GoAway(Duration.ofMillis(9_500)),
                                new ServerMessage.Unknown("goAway", "why", "\"x\""),
                                new ServerMessage.Unknown("", "news", "\"n\""))),
                arguments(
                        "{\"serverContent\":{\"turnComplete\":false,\"interrupted\":null,\"turnCompleteReason\":\"OTHER\"}}",
                        List.of(new ServerMessage.Unknown("serverContent", "turnCompleteReason", "\"OTHER\""))),
                arguments(
                        "{\"usageMetadata\":{\"promptTokenCount\":\"515\",\"candidatesTokenCount\":31,\"totalTokenCount\":546.0}}",
                        List.of(
                                new ServerMessage.Usage(
                                        515,
                                        31,
                                        546,
                                        "{\"promptTokenCount\":\"515\",\"candidatesTokenCount\":31,\"totalTokenCount\":546.0}"))),
                arguments(
                        "{\"sessionResumptionUpdate\":{\"newHandle\":\"h\",\"resumable\":true,"
                                + "\"lastConsumedClientMessageIndex\":\"7\"}}",
                        List.of(new ServerMessage.ResumptionUpdate(
                                "h",
                                true,
                                "{\"newHandle\":\"h\",\"resumable\":true,\"lastConsumedClientMessageIndex\":\"7\"}"))),
                arguments(
                        "{\"server_content\":{\"turn_complete\":true},\"go_away\":{\"time_left\":\"50s\"},"
                                + "\"usage_metadata\":{\"response_token_count\":2}}",
                        List.of(
                                new ServerMessage.TurnComplete(null, "{\"response_token_count\":2}"),
                                new ServerMessage.Usage(0, 2, 0, "{\"response_token_count\":2}"),
                                new ServerMessage.GoAway(Duration.ofSeconds(50)))),
                arguments("{\"goAway\":{}}", List.of(new ServerMessage.GoAway(Duration.ZERO))),
                arguments(
                        "{\"voiceActivityDetectionSignal\":{\"vadSignalType\":\"VAD_SIGNAL_TYPE_SOS\"},\"serverContent\":{}}",
                        List.of(new ServerMessage.VoiceActivity(
                                "voiceActivityDetectionSignal",
                                "VAD_SIGNAL_TYPE_SOS",
                                "{\"vadSignalType\":\"VAD_SIGNAL_TYPE_SOS\"}"))),
                arguments("{\"toolCall\":{}}", List.of(new ServerMessage.ToolCall(List.of(), "{}"))),
                arguments("{\"brandNew\":{\"x\":1}}", List.of(new ServerMessage.Unknown("", "brandNew", "{\"x\":1}"))));
    }

    @ParameterizedTest
    @MethodSource
    void frames(String text, List<ServerMessage> expected) throws WireException {
        assertEquals(expected, decoder.decode(text));
    }

    static Stream<String> malformedFrames() {
        return Stream.of(
                "",
                "secret",
                "[]",
                "null",
                "\"secret\"",
                "{\"serverContent\":",
                "{} {}",
                "{\"serverContent\":\"secret\"}",
                "{\"serverContent\":{\"modelTurn\":[]}}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":{}}}}",
                parts("\"secret\""),
                parts("{\"text\":{}}"),
                parts("{\"inlineData\":\"secret\"}"),
                parts("{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"secret!\"}}"),
                parts("{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}}") + "}",
                "{\"serverContent\":{\"turnComplete\":\"secret\"}}",
                "{\"serverContent\":{\"outputTranscription\":\"secret\"}}",
                "{\"toolCall\":{\"functionCalls\":\"secret\"}}",
                "{\"toolCallCancellation\":{\"ids\":\"secret\"}}",
                "{\"toolCallCancellation\":{\"ids\":[{\"id\":\"secret\"}]}}",
                "{\"goAway\":{\"timeLeft\":\"secret\"}}",
                "{\"usageMetadata\":{\"totalTokenCount\":{}}}",
                "{\"sessionResumptionUpdate\":[]}",
                "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000),
                "[".repeat(1 << 20));
    }

    @ParameterizedTest
    @MethodSource
    void malformedFrames(String text) {
        WireException thrown = assertThrows(WireException.class, () -> decoder.decode(text));

        assertFalse(String.valueOf(thrown.getMessage()).contains("secret"), "content must not be quoted");
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                arguments("50s", Duration.ofSeconds(50)),
                arguments("0.200s", Duration.ofMillis(200)),
                arguments("9.5s", Duration.ofMillis(9_500)),
                arguments("1.000000001s", Duration.ofSeconds(1, 1)),
                arguments("-1.5s", Duration.ofMillis(-1_500)),
                arguments("50", null),
                arguments("s", null),
                arguments(".5s", null),
                arguments("1.s", null),
                arguments("1e3s", null),
                arguments("1.0000000001s", null));
    }

    @ParameterizedTest
    @MethodSource
    void durations(String text, Duration expected) {
        assertEquals(expected, ProtoDuration.parse(text));
    }

    @Test
    void aMemberInBothSpellingsIsNotLost() throws WireException {
        assertEquals(
                List.of(
                        new ServerMessage.TurnComplete(null),
                        new ServerMessage.Unknown("serverContent", "turn_complete", "true")),
                decoder.decode("{\"serverContent\":{\"turnComplete\":true,\"turn_complete\":true}}"));
    }

    private static String parts(String list) {
        return "{\"serverContent\":{\"modelTurn\":{\"parts\":[" + list + "]}}}";
    }
}
