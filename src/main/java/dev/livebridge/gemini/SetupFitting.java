package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.policy.NotAllowedException;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fits one client's setup to its model and to the operator's policy: fields for older or other models are renamed,
 * moved or left out; then the setup is rebuilt from the members that the policy allows. Every change becomes a notice.
 * A field that can have one meaning only is passed on, and Gemini validates it.
 *
 * <p>One instance fits one setup. Sources: gemini-live-api.md sections 4.1, 12 and 16.
 */
final class SetupFitting {

    private static final String GENERATION = "generationConfig";
    private static final String TRANSCRIPTION = "outputAudioTranscription";
    private static final String USER_TRANSCRIPTION = "inputAudioTranscription";
    private static final String AUDIO = "AUDIO";
    private static final String TEXT = "TEXT";

    /** Close the session when they stand in {@code generationConfig} (fact 18). */
    private static final List<String> BELONG_IN_SETUP = List.of(USER_TRANSCRIPTION, TRANSCRIPTION);

    /** Close the session when they stand in {@code setup}, where the SDKs' flat configuration suggests them. */
    private static final List<String> BELONG_IN_GENERATION = List.of(
            "responseModalities",
            "speechConfig",
            "thinkingConfig",
            "mediaResolution",
            "enableAffectiveDialog",
            "temperature",
            "topP",
            "topK",
            "maxOutputTokens",
            "seed");

    /** Unknown to {@code setup} (section 4.1). */
    private static final List<String> NOT_IN_SETUP = List.of("toolConfig", "codeExecutionConfig", "config");

    /** Only Vertex AI knows them. */
    private static final List<String> VERTEX_ONLY = List.of("explicitVadSignal", "avatarConfig");

    /** Documented as unsupported in live conversations (section 4.1.1). */
    private static final List<String> NOT_IN_LIVE = List.of(
            "responseLogprobs",
            "responseMimeType",
            "logprobs",
            "responseSchema",
            "stopSequences",
            "routingConfig",
            "audioTimestamp");

    private final ModelCatalogue catalogue;
    private final LivebridgeConfig.Gemini config;
    private final ClientPolicy policy;
    private final SetupEdits edits = new SetupEdits();
    private final CallerFitting caller;

    /**
     * A fitting.
     *
     * @param config whose model answers clients that name none, or a retired one
     * @param policy what clients may ask for
     * @param permissions what this one may ask for
     */
    SetupFitting(
            ModelCatalogue catalogue, LivebridgeConfig.Gemini config, ClientPolicy policy, Permissions permissions) {
        this.catalogue = catalogue;
        this.config = config;
        this.policy = policy;
        this.caller = new CallerFitting(permissions, edits);
    }

    /**
     * The result.
     *
     * @param model the model that will answer
     * @param negotiated what the client gets
     */
    record Fitted(LiveModel model, Negotiated negotiated) {}

    /** The form in which the client gets the model's answers. */
    private record Answers(boolean audio, boolean transcriptAsText) {}

    /**
     * Fits the setup.
     *
     * @param requested the client's setup
     * @param continuation whose model is kept, even if the setup would now select another one
     * @param backend the backend's label
     * @throws UpstreamRefusedException with {@link EndCause#BAD_SETUP}, naming what can't be honoured
     */
    Fitted fit(ClientMessage.Setup requested, Continuation continuation, String backend)
            throws UpstreamRefusedException {
        ObjectNode setup = read(requested);
        SetupEdits.removeNulls(setup);
        ObjectNode generation = SetupEdits.object(setup, GENERATION, "setup.generationConfig");
        SetupEdits.removeNulls(generation);

        AgentFitting agent = AgentFitting.of(requested.agent());

        LiveModel model = switch (continuation) {
            case Continuation.New() -> fitModel(setup, agent);
            case Continuation.Resumed(String handle, String id) -> keepModel(setup, id);
            case Continuation.Rebuilt(List<TranscriptEntry> transcript, String id) -> keepModel(setup, id);
        };
        fitPlaces(setup, generation);
        boolean secret = false;
        if (agent != null) {
            setup = agent.join(setup, caller, policy);
            secret = agent.isInstructionOf(setup);
            generation = SetupEdits.object(setup, GENERATION, "setup.generationConfig");
        }
        boolean forwardTranscription = setup.has(TRANSCRIPTION);
        boolean forwardUserTranscription = setup.has(USER_TRANSCRIPTION);
        Answers answers = fitModality(setup, generation, model);
        new FeatureFitting(catalogue, config.apiVersion(), edits).fit(setup, generation, model);
        ToolFitting.fit(setup, model, edits);
        if (agent == null) {
            caller.fit(setup);
            setup = rebuilt(setup);
        }
        String json = StrictJson.write(setup);
        return new Fitted(
                model,
                new Negotiated(
                        backend,
                        model.id(),
                        json,
                        secret ? StrictJson.write(AgentFitting.redacted(setup)) : json,
                        requested.agent(),
                        answers.audio(),
                        answers.transcriptAsText(),
                        forwardTranscription,
                        forwardUserTranscription,
                        !setup.at("/realtimeInputConfig/automaticActivityDetection/disabled")
                                .asBoolean(),
                        edits.notices(),
                        model.connectionTraits(),
                        BlockingFunctions.of(setup)));
    }

    private static ObjectNode read(ClientMessage.Setup requested) throws UpstreamRefusedException {
        try {
            if (StrictJson.read(requested.json()) instanceof ObjectNode setup) {
                return setup;
            }
        } catch (MalformedJsonException e) {
            // Falls through: dialects hand over what they have read as an object, so this is a defect of a dialect.
        }
        throw SetupEdits.refused("setup must be a JSON object.");
    }

    private ObjectNode rebuilt(ObjectNode setup) throws UpstreamRefusedException {
        try {
            return policy.rebuild(setup, edits::notice);
        } catch (NotAllowedException e) {
            throw SetupEdits.refused(e.sentence());
        }
    }

    private LiveModel fitModel(ObjectNode setup, @Nullable AgentFitting agent) throws UpstreamRefusedException {
        JsonNode named = setup.path("model");
        if (!named.isMissingNode() && !named.isTextual()) {
            throw SetupEdits.refused("setup.model must be a string.");
        }
        String name = named.asText("");
        LiveModel model;
        if (agent != null && (name.isBlank() || agent.isOwn(name))) {
            // The operator's choice, which the rules for clients do not concern.
            model = name.isBlank() ? modelOf(agent) : catalogue.find(name);
        } else {
            if (agent != null) {
                agent.checkModel();
            }
            model = caller.model(
                    name.isBlank() ? configuredModel() : fitNamedModel(name),
                    Stream.concat(Stream.of(configured()), catalogue.models().stream()));
        }
        setup.put("model", "models/" + model.id());
        return model;
    }

    private LiveModel modelOf(AgentFitting agent) {
        return agent.models(catalogue).findFirst().map(catalogue::find).orElseGet(this::configuredModel);
    }

    private LiveModel configuredModel() {
        String id = ModelCatalogue.bare(config.model());
        LiveModel model = configured();
        if (!model.id().equals(id)) {
            edits.notice("The model " + id + " is retired; " + model.id() + " answers instead.");
        }
        return model;
    }

    private LiveModel configured() {
        return catalogue.find(catalogue.serving(ModelCatalogue.bare(config.model())));
    }

    /** A successor answers only where the client could have named it, too. */
    private LiveModel allowedOr(LiveModel other, String successor) {
        LiveModel model = catalogue.find(successor);
        boolean known = model.status() != LiveModel.Status.UNKNOWN;
        return policy.choose(model.id(), known) == ClientPolicy.ModelChoice.TAKE ? model : other;
    }

    private LiveModel keepModel(ObjectNode setup, String id) {
        LiveModel model = catalogue.find(id);
        setup.put("model", "models/" + model.id());
        return model;
    }

    private LiveModel fitNamedModel(String name) throws UpstreamRefusedException {
        if (!ModelCatalogue.isName(name)) {
            throw SetupEdits.refused("setup.model " + SetupEdits.quote(name) + " is not a model's name.");
        }
        if (catalogue.isRetired(name)) {
            LiveModel answering = allowedOr(configured(), catalogue.successor(name, config.model()));
            edits.notice(
                    "The model " + ModelCatalogue.bare(name) + " is retired; " + answering.id() + " answers instead.");
            return answering;
        }
        LiveModel model = catalogue.find(name);
        switch (policy.choose(model.id(), model.status() != LiveModel.Status.UNKNOWN)) {
            case TAKE -> {}
            case MAP -> {
                LiveModel answering = configured();
                edits.notice("The model " + SetupEdits.quote(model.id()) + " is not allowed here; " + answering.id()
                        + " answers instead.");
                return answering;
            }
            case REFUSE ->
                throw SetupEdits.refused("The model " + SetupEdits.quote(model.id())
                        + " is not allowed here (livebridge.policy.models, livebridge.policy.unknown-models).");
        }
        switch (model.status()) {
            case STABLE, PREVIEW -> {}
            case DEPRECATED ->
                edits.notice("The model " + model.id() + " is deprecated; its successor is "
                        + catalogue.recommended().id() + ".");
            case UNKNOWN ->
                edits.notice("The model " + model.id() + " is not known here; it is taken for one that speaks, and"
                        + " Gemini judges the rest of the setup.");
        }
        return model;
    }

    private void fitPlaces(ObjectNode setup, ObjectNode generation) {
        BELONG_IN_SETUP.forEach(field -> edits.move(field, generation, GENERATION, setup, "setup"));
        BELONG_IN_GENERATION.forEach(field -> edits.move(field, setup, "setup", generation, GENERATION));
        NOT_IN_SETUP.forEach(field -> edits.drop(setup, field, "is not a field of setup"));
        VERTEX_ONLY.forEach(field -> edits.drop(setup, field, "is known to Vertex AI only"));
        if (setup.get("sessionResumption") instanceof ObjectNode resumption) {
            edits.drop(resumption, "transparent", "is known to Vertex AI only");
        }
        NOT_IN_LIVE.forEach(field -> edits.drop(generation, field, "is not supported in live conversations"));
    }

    private Answers fitModality(ObjectNode setup, ObjectNode generation, LiveModel model)
            throws UpstreamRefusedException {
        Set<String> wanted = modalities(generation.get("responseModalities"));
        if (wanted.isEmpty()) {
            wanted.addAll(model.outputs());
        }
        caller.fitModalities(wanted);
        boolean text = wanted.contains(TEXT);
        boolean audio = wanted.contains(AUDIO);
        if (model.speaksOnly()) {
            generation.putArray("responseModalities").add(AUDIO);
            if (text && !setup.has(TRANSCRIPTION)) {
                setup.putObject(TRANSCRIPTION);
            }
            if (text && !audio) {
                edits.notice("The model " + model.id() + " only speaks; the transcript of its speech is sent as text.");
            }
            return new Answers(audio, text);
        }
        if (!text) {
            throw SetupEdits.refused("The model " + model.id() + " answers in text only; ask for TEXT.");
        }
        if (audio) {
            edits.notice("The model " + model.id() + " answers in text only; AUDIO was left out.");
        }
        generation.putArray("responseModalities").add(TEXT);
        return new Answers(false, false);
    }

    private static Set<String> modalities(JsonNode requested) throws UpstreamRefusedException {
        Set<String> wanted = new LinkedHashSet<>();
        switch (requested) {
            case null -> {}
            case ArrayNode list -> {
                for (JsonNode entry : list) {
                    wanted.add(modality(entry));
                }
            }
            case JsonNode single -> wanted.add(modality(single));
        }
        wanted.remove("MODALITY_UNSPECIFIED");
        return wanted;
    }

    private static String modality(JsonNode requested) throws UpstreamRefusedException {
        return switch (requested.asText().toUpperCase(Locale.ROOT)) {
            case TEXT -> TEXT;
            case AUDIO -> AUDIO;
            case "MODALITY_UNSPECIFIED" -> "MODALITY_UNSPECIFIED";
            default ->
                throw SetupEdits.refused("generationConfig.responseModalities can't hold "
                        + SetupEdits.quote(requested.isTextual() ? requested.textValue() : requested.toString())
                        + "; ask for TEXT, AUDIO or both.");
        };
    }
}
