package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.SchemaNode.Leaf.AS_IS;
import static dev.livebridge.browser.dialect.SchemaNode.Leaf.BASE64;
import static dev.livebridge.browser.dialect.SchemaNode.Leaf.UPPER_CASE;
import static dev.livebridge.browser.dialect.SchemaNode.listOf;
import static dev.livebridge.browser.dialect.SchemaNode.message;

/**
 * The members that client messages may have, as a table (gemini-live-api.md section 4).
 *
 * <p>Members not listed are not passed on, unless the operator allows it; members of a setup are judged by the policy,
 * where the model is known. {@code args}, {@code response} and the schemas of a function are free JSON; their keys are
 * data and keep their spelling (section 3).
 */
final class GeminiSchema {

    static final SchemaNode.Message BLOB = message("mimeType").with("data", BASE64);

    private static final SchemaNode.File FILE = new SchemaNode.File(message("mimeType", "fileUri", "displayName"));

    private static final SchemaNode.Message FUNCTION_RESPONSE = message(
                    "id", "name", "response", "scheduling", "willContinue")
            .with(
                    "parts",
                    listOf(message().with("inlineData", BLOB.and("displayName")).with("fileData", FILE)));

    private static final SchemaNode.Message PART = message("text", "thought", "partMetadata")
            .with("inlineData", BLOB.and("displayName"))
            .with("fileData", FILE)
            .with("functionCall", message("id", "name", "args", "partialArgs", "willContinue"))
            .with("functionResponse", FUNCTION_RESPONSE)
            .with("executableCode", message("id", "language", "code"))
            .with("codeExecutionResult", message("id", "outcome", "output"))
            .with("thoughtSignature", BASE64)
            .with("videoMetadata", message("startOffset", "endOffset", "fps"))
            .with("mediaResolution", AS_IS);

    private static final SchemaNode.Message CONTENT = message("role").with("parts", listOf(PART));

    private static final SchemaNode.Message VOICE_CONFIG = message()
            .with("prebuiltVoiceConfig", message("voiceName"))
            .with(
                    "replicatedVoiceConfig",
                    message("mimeType")
                            .with("voiceSampleAudio", BASE64)
                            .with("consentAudio", BASE64)
                            .with("voiceConsentSignature", message("signature")));

    private static final SchemaNode.Message SPEECH_CONFIG = message("languageCode")
            .with("voiceConfig", VOICE_CONFIG)
            .with(
                    "multiSpeakerVoiceConfig",
                    message()
                            .with(
                                    "speakerVoiceConfigs",
                                    listOf(message("speaker").with("voiceConfig", VOICE_CONFIG))));

    private static final SchemaNode.Message TRANSCRIPTION_CONFIG = message(
                    "wordTimestamp", "diarization", "mode", "languageAuto", "languageHints", "sourceText")
            .with("languageCodes", listOf(AS_IS))
            .with("customVocabulary", listOf(AS_IS))
            .with("adaptationPhrases", listOf(AS_IS));

    static final SchemaNode.Message GENERATION_CONFIG = message(
                    "temperature",
                    "topP",
                    "topK",
                    "maxOutputTokens",
                    "candidateCount",
                    "presencePenalty",
                    "frequencyPenalty",
                    "seed",
                    "mediaResolution",
                    "enableAffectiveDialog",
                    "responseLogprobs",
                    "logprobs",
                    "responseMimeType",
                    "responseSchema",
                    "responseJsonSchema",
                    "routingConfig",
                    "audioTimestamp")
            .with("responseModalities", listOf(UPPER_CASE))
            .with("stopSequences", listOf(AS_IS))
            .with("speechConfig", SPEECH_CONFIG)
            .with("thinkingConfig", message("includeThoughts", "thinkingBudget", "thinkingLevel"))
            .with("translationConfig", message("targetLanguageCode", "echoTargetLanguage"))
            .with("audioTranscriptionConfig", TRANSCRIPTION_CONFIG);

    private static final SchemaNode.Message TOOL = message(
                    "codeExecution", "urlContext", "computerUse", "mcpServers", "retrieval", "enterpriseWebSearch")
            .with(
                    "functionDeclarations",
                    listOf(message(
                            "name",
                            "description",
                            "parameters",
                            "parametersJsonSchema",
                            "response",
                            "responseJsonSchema",
                            "behavior")))
            .with(
                    "googleSearch",
                    message("blockingConfidence", "searchTypes")
                            .with("timeRangeFilter", message("startTime", "endTime"))
                            .with("excludeDomains", listOf(AS_IS)))
            .with(
                    "googleSearchRetrieval",
                    message().with("dynamicRetrievalConfig", message("mode", "dynamicThreshold")))
            .with("googleMaps", message("authConfig", "enableWidget"))
            .with("fileSearch", message("metadataFilter", "topK").with("fileSearchStoreNames", listOf(AS_IS)));

    private static final SchemaNode.Message REALTIME_INPUT_CONFIG = message("activityHandling", "turnCoverage")
            .with(
                    "automaticActivityDetection",
                    message(
                            "disabled",
                            "startOfSpeechSensitivity",
                            "endOfSpeechSensitivity",
                            "prefixPaddingMs",
                            "silenceDurationMs"));

    static final SchemaNode.Message SETUP = message("model", "explicitVadSignal", "labels")
            .with("generationConfig", GENERATION_CONFIG)
            .with("systemInstruction", CONTENT)
            .with("tools", listOf(TOOL))
            .with("realtimeInputConfig", REALTIME_INPUT_CONFIG)
            .with("sessionResumption", message("handle", "transparent"))
            .with("contextWindowCompression", message("triggerTokens").with("slidingWindow", message("targetTokens")))
            .with("inputAudioTranscription", TRANSCRIPTION_CONFIG)
            .with("outputAudioTranscription", TRANSCRIPTION_CONFIG)
            .with("proactivity", message("proactiveAudio", "proactiveVideo"))
            .with("historyConfig", message("initialHistoryInClientContent"))
            .with(
                    "avatarConfig",
                    message("avatarName", "audioBitrateBps", "videoBitrateBps")
                            .with("customizedAvatar", message("imageMimeType").with("imageData", BASE64)))
            .with("safetySettings", listOf(message("category", "threshold", "method")));

    static final SchemaNode.Message CONTEXT_UPDATE =
            message().with("systemInstruction", CONTENT).with("tools", message().with("tools", listOf(TOOL)));

    static final SchemaNode.Message CLIENT_CONTENT = message("turnComplete").with("turns", listOf(CONTENT));

    static final SchemaNode.Message TOOL_RESPONSE = message().with("functionResponses", listOf(FUNCTION_RESPONSE));

    /** Names only: each member becomes a message of its own, and a fault in one does not affect the others. */
    static final SchemaNode.Message REALTIME_INPUT = message(
                    "audio", "video", "text", "activityStart", "activityEnd", "audioStreamEnd")
            .with("mediaChunks", listOf(AS_IS));

    /** Names only, for the same reason. */
    static final SchemaNode.Message MEDIA = message("mimeType", "data");

    /** Names only, for the same reason. */
    static final SchemaNode.Message FRAME =
            message("setup", "contextUpdate", "realtimeInput", "clientContent", "toolResponse", "text");

    private GeminiSchema() {}
}
