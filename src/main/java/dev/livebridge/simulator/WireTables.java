package dev.livebridge.simulator;

import static dev.livebridge.simulator.WireType.Scalar.BOOL;
import static dev.livebridge.simulator.WireType.Scalar.BYTES;
import static dev.livebridge.simulator.WireType.Scalar.DURATION;
import static dev.livebridge.simulator.WireType.Scalar.FLOAT;
import static dev.livebridge.simulator.WireType.Scalar.FREE;
import static dev.livebridge.simulator.WireType.Scalar.INT32;
import static dev.livebridge.simulator.WireType.Scalar.INT64;
import static dev.livebridge.simulator.WireType.Scalar.STRING;

import dev.livebridge.simulator.WireType.EnumOf;
import dev.livebridge.simulator.WireType.ListOf;
import dev.livebridge.simulator.WireType.MapOf;
import dev.livebridge.simulator.WireType.Message;

/** Every field a client may send (gemini-live-api.md section 4). Any other field is unknown to the service. */
final class WireTables {

    private static final Message EMPTY = new Message();

    private static final Message BLOB =
            new Message().with("mimeType", STRING).with("data", BYTES).with("displayName", STRING);

    private static final Message FUNCTION_RESPONSE = new Message()
            .with(STRING, "id", "name")
            .with("response", FREE)
            .with("scheduling", EnumOf.of("Scheduling", "SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"))
            .with("willContinue", BOOL)
            .with("parts", new ListOf(new Message().with("inlineData", BLOB).with("fileData", fileData())));

    private static final Message PART = new Message()
            .with("text", STRING)
            .with("inlineData", BLOB)
            .with("fileData", fileData())
            .with("functionCall", new Message().with(STRING, "id", "name").with("args", FREE))
            .with("functionResponse", FUNCTION_RESPONSE)
            .with(
                    "executableCode",
                    new Message()
                            .with("language", EnumOf.of("Language", "LANGUAGE_UNSPECIFIED", "PYTHON"))
                            .with("code", STRING))
            .with(
                    "codeExecutionResult",
                    new Message()
                            .with(
                                    "outcome",
                                    EnumOf.of(
                                            "Outcome",
                                            "OUTCOME_UNSPECIFIED",
                                            "OUTCOME_OK",
                                            "OUTCOME_FAILED",
                                            "OUTCOME_DEADLINE_EXCEEDED"))
                            .with("output", STRING))
            .with("thought", BOOL)
            .with("thoughtSignature", BYTES)
            .with(
                    "videoMetadata",
                    new Message().with(DURATION, "startOffset", "endOffset").with("fps", FLOAT))
            .with("mediaResolution", FREE)
            .with("partMetadata", FREE);

    private static final Message CONTENT = new Message().with("role", STRING).with("parts", new ListOf(PART));

    private static final EnumOf MODALITY =
            EnumOf.of("GenerationConfig.Modality", "MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO");

    private static final EnumOf MEDIA_RESOLUTION = EnumOf.of(
            "MediaResolution",
            "MEDIA_RESOLUTION_UNSPECIFIED",
            "MEDIA_RESOLUTION_LOW",
            "MEDIA_RESOLUTION_MEDIUM",
            "MEDIA_RESOLUTION_HIGH");

    /** The outermost message. */
    static final Message CLIENT_MESSAGE = new Message()
            .with("setup", setup())
            .with(
                    "clientContent",
                    new Message().with("turns", new ListOf(CONTENT)).with("turnComplete", BOOL))
            .with("realtimeInput", realtimeInput())
            .with("toolResponse", new Message().with("functionResponses", new ListOf(FUNCTION_RESPONSE)))
            .with(
                    "contextUpdate",
                    new Message()
                            .with("systemInstruction", CONTENT)
                            .with("tools", new Message().with("tools", new ListOf(tool()))));

    /** The body of {@code POST auth_tokens}. */
    static final Message AUTH_TOKEN = new Message()
            .with(STRING, "name", "fieldMask", "expireTime", "newSessionExpireTime")
            .with("uses", INT32)
            .with("bidiGenerateContentSetup", setup());

    private WireTables() {}

    private static Message setup() {
        return new Message()
                .with("model", STRING)
                .with("generationConfig", generationConfig())
                .with("systemInstruction", CONTENT)
                .with("tools", new ListOf(tool()))
                .with("realtimeInputConfig", realtimeInputConfig())
                .with("sessionResumption", new Message().with("handle", STRING).with("transparent", BOOL))
                .with(
                        "contextWindowCompression",
                        new Message()
                                .with("slidingWindow", new Message().with("targetTokens", INT64))
                                .with("triggerTokens", INT64))
                .with("inputAudioTranscription", transcription())
                .with("outputAudioTranscription", transcription())
                .with("proactivity", new Message().with(BOOL, "proactiveAudio", "proactiveVideo"))
                .with("labels", new MapOf(STRING))
                .with("historyConfig", new Message().with("initialHistoryInClientContent", BOOL))
                .with("explicitVadSignal", BOOL)
                .with("avatarConfig", avatarConfig())
                .with("safetySettings", new ListOf(new Message().with(STRING, "category", "threshold", "method")));
    }

    private static Message generationConfig() {
        return new Message()
                .with("responseModalities", new ListOf(MODALITY))
                .with(FLOAT, "temperature", "topP", "presencePenalty", "frequencyPenalty")
                .with(INT32, "topK", "maxOutputTokens", "candidateCount", "seed")
                .with("mediaResolution", MEDIA_RESOLUTION)
                .with("speechConfig", speechConfig())
                .with(
                        "thinkingConfig",
                        new Message()
                                .with("includeThoughts", BOOL)
                                .with("thinkingBudget", INT32)
                                .with(
                                        "thinkingLevel",
                                        EnumOf.inAnyCase(
                                                "ThinkingConfig.ThinkingLevel",
                                                "THINKING_LEVEL_UNSPECIFIED",
                                                "LOW",
                                                "HIGH",
                                                "MEDIUM",
                                                "MINIMAL")))
                .with("enableAffectiveDialog", BOOL)
                .with(
                        "translationConfig",
                        new Message().with("targetLanguageCode", STRING).with("echoTargetLanguage", BOOL));
    }

    private static Message speechConfig() {
        Message voice = new Message()
                .with("prebuiltVoiceConfig", new Message().with("voiceName", STRING))
                .with(
                        "replicatedVoiceConfig",
                        new Message()
                                .with("mimeType", STRING)
                                .with(BYTES, "voiceSampleAudio", "consentAudio")
                                .with("voiceConsentSignature", new Message().with("signature", STRING)));
        return new Message()
                .with("voiceConfig", voice)
                .with("languageCode", STRING)
                .with(
                        "multiSpeakerVoiceConfig",
                        new Message()
                                .with(
                                        "speakerVoiceConfigs",
                                        new ListOf(new Message()
                                                .with("speaker", STRING)
                                                .with("voiceConfig", voice))));
    }

    private static Message tool() {
        return new Message()
                .with("functionDeclarations", new ListOf(functionDeclaration()))
                .with(
                        FREE,
                        "googleSearch",
                        "googleSearchRetrieval",
                        "codeExecution",
                        "urlContext",
                        "googleMaps",
                        "fileSearch",
                        "computerUse",
                        "mcpServers");
    }

    private static Message functionDeclaration() {
        Message schema = new Message();
        schema.with(
                        "type",
                        EnumOf.inAnyCase(
                                "Type",
                                "TYPE_UNSPECIFIED",
                                "STRING",
                                "NUMBER",
                                "INTEGER",
                                "BOOLEAN",
                                "ARRAY",
                                "OBJECT",
                                "NULL"))
                .with(STRING, "format", "title", "description", "pattern")
                .with("nullable", BOOL)
                .with(new ListOf(STRING), "enum", "required", "propertyOrdering")
                .with("items", schema)
                .with("properties", new MapOf(schema))
                .with("anyOf", new ListOf(schema))
                .with(INT64, "maxItems", "minItems", "minProperties", "maxProperties", "minLength", "maxLength")
                .with(FLOAT, "minimum", "maximum")
                .with(FREE, "example", "default");
        return new Message()
                .with(STRING, "name", "description")
                .with(schema, "parameters", "response")
                .with(FREE, "parametersJsonSchema", "responseJsonSchema")
                .with("behavior", EnumOf.of("FunctionDeclaration.Behavior", "UNSPECIFIED", "BLOCKING", "NON_BLOCKING"));
    }

    private static Message realtimeInputConfig() {
        return new Message()
                .with(
                        "automaticActivityDetection",
                        new Message()
                                .with("disabled", BOOL)
                                .with(
                                        "startOfSpeechSensitivity",
                                        EnumOf.of(
                                                "StartSensitivity",
                                                "START_SENSITIVITY_UNSPECIFIED",
                                                "START_SENSITIVITY_HIGH",
                                                "START_SENSITIVITY_LOW"))
                                .with(
                                        "endOfSpeechSensitivity",
                                        EnumOf.of(
                                                "EndSensitivity",
                                                "END_SENSITIVITY_UNSPECIFIED",
                                                "END_SENSITIVITY_HIGH",
                                                "END_SENSITIVITY_LOW"))
                                .with(INT32, "prefixPaddingMs", "silenceDurationMs"))
                .with(
                        "activityHandling",
                        EnumOf.of(
                                "ActivityHandling",
                                "ACTIVITY_HANDLING_UNSPECIFIED",
                                "START_OF_ACTIVITY_INTERRUPTS",
                                "NO_INTERRUPTION"))
                .with(
                        "turnCoverage",
                        EnumOf.of(
                                "TurnCoverage",
                                "TURN_COVERAGE_UNSPECIFIED",
                                "TURN_INCLUDES_ONLY_ACTIVITY",
                                "TURN_INCLUDES_ALL_INPUT",
                                "TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO"));
    }

    private static Message transcription() {
        return new Message()
                .with(new ListOf(STRING), "languageCodes", "customVocabulary", "languageHints", "adaptationPhrases")
                .with(BOOL, "wordTimestamp", "diarization", "languageAuto")
                .with("sourceText", STRING)
                .with("mode", EnumOf.of("AudioTranscriptionConfig.Mode", "MODE_UNSPECIFIED", "VERBATIM", "SMART"));
    }

    private static Message avatarConfig() {
        return new Message()
                .with("avatarName", STRING)
                .with(
                        "customizedAvatar",
                        new Message().with("imageMimeType", STRING).with("imageData", BYTES))
                .with(INT32, "audioBitrateBps", "videoBitrateBps");
    }

    private static Message realtimeInput() {
        return new Message()
                .with(BLOB, "audio", "video")
                .with("text", STRING)
                .with(EMPTY, "activityStart", "activityEnd")
                .with("audioStreamEnd", BOOL)
                .with("mediaChunks", new ListOf(BLOB));
    }

    private static Message fileData() {
        return new Message().with(STRING, "mimeType", "fileUri", "displayName");
    }
}
