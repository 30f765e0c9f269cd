package dev.livebridge.policy;

import static dev.livebridge.policy.Allowance.Fixed.CUSTOM_VOICES;
import static dev.livebridge.policy.Allowance.Fixed.FILE_URIS;
import static dev.livebridge.policy.Allowance.Fixed.NEVER;
import static dev.livebridge.policy.Allowance.Fixed.PROACTIVE_VIDEO;
import static dev.livebridge.policy.Shape.Scalar.BYTES;
import static dev.livebridge.policy.Shape.Scalar.ENUM;
import static dev.livebridge.policy.Shape.Scalar.FLAG;
import static dev.livebridge.policy.Shape.Scalar.INT32;
import static dev.livebridge.policy.Shape.Scalar.INT64;
import static dev.livebridge.policy.Shape.Scalar.JSON;
import static dev.livebridge.policy.Shape.Scalar.NUMBER;
import static dev.livebridge.policy.Shape.Scalar.TEXT;
import static dev.livebridge.policy.Shape.message;

import dev.livebridge.policy.Shape.ListOf;
import dev.livebridge.policy.Shape.Message;
import java.util.List;
import java.util.Set;

/**
 * Every member that a setup may have: its place, its type, and the permission it needs (gemini-live-api.md sections 4.1
 * and 20). A member that is not in the table is left out.
 */
final class SetupTable {

    /** Tools that Gemini runs on the operator's account, without search. */
    private static final List<String> TOOLS_OF_GEMINI = List.of(
            "googleSearchRetrieval",
            "codeExecution",
            "urlContext",
            "googleMaps",
            "fileSearch",
            "computerUse",
            "mcpServers",
            "retrieval",
            "enterpriseWebSearch");

    private static final Message FILE = message().with(TEXT, "mimeType", "fileUri", "displayName");

    /** A part of a system instruction: text. Gemini would read a file with the operator's key. */
    private static final Message PART = message().with(TEXT, "text").with("fileData", FILE, FILE_URIS);

    private static final Message VOICE = message()
            .with(message().with(TEXT, "voiceName"), "prebuiltVoiceConfig")
            .with(
                    "replicatedVoiceConfig",
                    message()
                            .with(TEXT, "mimeType")
                            .with(BYTES, "voiceSampleAudio", "consentAudio")
                            .with(message().with(TEXT, "signature"), "voiceConsentSignature"),
                    CUSTOM_VOICES);

    private static final Message TRANSCRIPTION = message()
            .with(new ListOf(TEXT), "languageCodes", "customVocabulary", "adaptationPhrases")
            .with(FLAG, "wordTimestamp", "diarization")
            .with(ENUM, "mode")
            .with(TEXT, "sourceText")
            // Deprecated; their types differ between SDKs and the API reference.
            .with(JSON, "languageAuto", "languageHints");

    private static final Message GENERATION = message()
            .with(new ListOf(ENUM), "responseModalities")
            .with(NUMBER, "temperature", "topP", "presencePenalty", "frequencyPenalty")
            .with(INT32, "topK", "maxOutputTokens", "candidateCount", "seed")
            .with(ENUM, "mediaResolution")
            .with(message().with(TEXT, "languageCode").with(VOICE, "voiceConfig"), "speechConfig")
            .with(
                    message()
                            .with(FLAG, "includeThoughts")
                            .with(INT32, "thinkingBudget")
                            .with(ENUM, "thinkingLevel"),
                    "thinkingConfig")
            .with(FLAG, "enableAffectiveDialog")
            .with(message().with(TEXT, "targetLanguageCode").with(FLAG, "echoTargetLanguage"), "translationConfig");

    private static final Message FUNCTION = message()
            .with(TEXT, "name", "description")
            .with(JSON, "parameters", "parametersJsonSchema", "response", "responseJsonSchema")
            .with(ENUM, "behavior");

    private static final Message SEARCH = message()
            .with(ENUM, "blockingConfidence")
            .with(JSON, "searchTypes")
            .with(message().with(TEXT, "startTime", "endTime"), "timeRangeFilter")
            .with(new ListOf(TEXT), "excludeDomains");

    private static final Message TOOL = tool();

    private static final Message INPUT = message()
            .with(
                    message()
                            .with(FLAG, "disabled")
                            .with(ENUM, "startOfSpeechSensitivity", "endOfSpeechSensitivity")
                            .with(INT32, "prefixPaddingMs", "silenceDurationMs"),
                    "automaticActivityDetection")
            .with(ENUM, "activityHandling", "turnCoverage");

    /** The members of {@code setup}. */
    static final Message SETUP = message()
            .with(TEXT, "model")
            .with(GENERATION, "generationConfig")
            .with(message().with(TEXT, "role").with(new ListOf(PART), "parts"), "systemInstruction")
            .with(new ListOf(TOOL), "tools")
            .with(INPUT, "realtimeInputConfig")
            // Clients resume with the gateway's own tokens and handles.
            .with(message().with("handle", TEXT, NEVER), "sessionResumption")
            .with(
                    message().with(INT64, "triggerTokens").with(message().with(INT64, "targetTokens"), "slidingWindow"),
                    "contextWindowCompression")
            .with(TRANSCRIPTION, "inputAudioTranscription", "outputAudioTranscription")
            .with(message().with(FLAG, "proactiveAudio").with("proactiveVideo", FLAG, PROACTIVE_VIDEO), "proactivity")
            .with(message().with(FLAG, "initialHistoryInClientContent"), "historyConfig")
            .with(new Shape.Labels(), "labels")
            // SetupLimits checks each setting's threshold.
            .with(new ListOf(message().with(ENUM, "category", "threshold", "method")), "safetySettings");

    /** All kinds of tools. */
    static final Set<String> TOOL_KINDS = TOOL.members().keySet();

    private SetupTable() {}

    private static Message tool() {
        Message tool = message()
                .with("functionDeclarations", new ListOf(FUNCTION), new Allowance.Tool("functionDeclarations"))
                .with("googleSearch", SEARCH, new Allowance.Tool("googleSearch"));
        for (String kind : TOOLS_OF_GEMINI) {
            tool = tool.with(kind, JSON, new Allowance.Tool(kind));
        }
        return tool;
    }
}
