package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The turns of one session. One answer runs at a time; activity of the user interrupts it, or waits for its end when
 * the session does not allow interruption.
 */
final class Conversation implements Turn.Listener {

    /** Words after which a proactive model does not answer. */
    private static final Pattern SILENCE =
            Pattern.compile("\\b(?:say nothing|don't answer|stay silent)\\b", Pattern.CASE_INSENSITIVE);

    private SessionSetup setup;
    private final TurnStyle style;
    private final Outbox outbox;
    private final Timers timers;
    private final Answers answers;
    private final ResumptionHandles handles;
    private final BooleanSupplier connected;
    private final History history;
    private final FunctionCalls calls = new FunctionCalls();
    private final Queue<Runnable> whenIdle = new ArrayDeque<>();

    private @Nullable Turn turn;
    private boolean seeding;
    private boolean german;

    Conversation(
            SessionSetup setup,
            TurnStyle style,
            Outbox outbox,
            Timers timers,
            Answers answers,
            ResumptionHandles handles,
            BooleanSupplier connected,
            History history) {
        this.setup = setup;
        this.style = style;
        this.outbox = outbox;
        this.timers = timers;
        this.answers = answers;
        this.handles = handles;
        this.connected = connected;
        this.history = history;
        this.seeding = setup.historyFirst();
        this.german = setup.german();
    }

    /** The session is ready; an asked-for handle can be had from now on. */
    void begin() {
        history.instruct(setup.instruction());
        updateResumption();
    }

    /**
     * Takes {@code contextUpdate} (gemini-live-api.md section 20 row 2), in order with the input.
     *
     * @throws RefusedException when the setup would be refused for the same
     */
    void contextUpdate(JsonNode update) {
        SetupRules.checkUpdate(setup.model().family(), update);
        setup = setup.with(update);
        history.instruct(setup.instruction());
    }

    /**
     * Takes {@code clientContent} (gemini-live-api.md section 4.2).
     *
     * @throws RefusedException when the model does not take it now
     */
    void clientContent(JsonNode content) {
        boolean complete = content.path("turnComplete").asBoolean();
        ModelFamily family = setup.model().family();
        if (!seeding && family.takesOnlyInitialHistory()) {
            throw RefusedException.invalidArgument();
        }
        remember(content.path("turns"), complete && !seeding, family == ModelFamily.NATIVE_2_5);
        if (seeding) {
            seeding = !complete;
        } else if (complete) {
            interrupt();
            answerText(history.lastUserText());
        } else if (family == ModelFamily.NATIVE_2_5) {
            interrupt();
        }
    }

    /** Takes {@code realtimeInput.text}, which counts as activity. */
    void text(String text) {
        history.addUserText(text);
        activityStarted();
        answerText(text.isBlank() ? history.lastUserText() : text);
    }

    void picture(Picture picture) {
        history.addPicture(picture);
    }

    /** The user begins to speak. */
    void activityStarted() {
        if (setup.interruptible()) {
            interrupt();
        }
    }

    /** The user has spoken. */
    void spoken(short[] utterance) {
        if (utterance.length == 0) {
            return;
        }
        history.addAudio(utterance.length * 1000L / Resampler.MODEL_RATE);
        if (setup.inputTranscription()) {
            outbox.send(ServerMessages.inputTranscription(Answers.describe(utterance)));
        }
        if (setup.model().family().answersInText()) {
            outbox.send(ServerMessages.flag("generationComplete"));
            return;
        }
        whenIdle(() -> say(() -> Answer.of(answers.toSpeech(utterance, history, german))));
    }

    /**
     * Takes the answers of functions (gemini-live-api.md section 8); those of cancelled or unknown calls are ignored.
     */
    void toolResponse(JsonNode response) {
        for (JsonNode each : response.path("functionResponses")) {
            calls.answered(each).ifPresent(call -> {
                history.addText(each.path("response").toString());
                if (call.function().blocking()) {
                    continueBlocked();
                } else {
                    speakOfResult(FunctionCalls.Scheduling.of(each));
                }
            });
        }
    }

    @Override
    public ObjectNode usage(long spokenMs, String thought) {
        return history.usage(spokenMs, thought);
    }

    @Override
    public String interactionStatus() {
        return calls.anyOpen() ? "IN_PROGRESS" : "IDLE";
    }

    @Override
    public void ended(Turn ended) {
        history.addAudio(ended.spokenMs());
        turn = null;
        updateResumption();
        startNext();
    }

    private void remember(JsonNode turns, boolean asks, boolean asksAsUserOnly) {
        String role = "user";
        for (JsonNode each : turns) {
            role = each.path("role").asText("user");
            if (!role.equals("user") && !role.equals("model")) {
                throw RefusedException.invalidArgument();
            }
            for (JsonNode part : each.path("parts")) {
                String text = part.path("text").asText();
                if (role.equals("user") && asks) {
                    history.addUserText(text);
                } else if (role.equals("user")) {
                    history.addPrefilledUserText(text);
                } else {
                    history.addText(text);
                }
            }
        }
        if (asks && asksAsUserOnly && !role.equals("user")) {
            throw RefusedException.invalidArgument();
        }
    }

    private void answerText(String text) {
        if (setup.model().family().answersInText()) {
            // The transcribing model sends transcripts and no answers.
            return;
        }
        german = setup.german() || Rules.german(text);
        List<DeclaredFunction> named = setup.functions().values().stream()
                .filter(function -> function.isNamedIn(text))
                .toList();
        if (named.isEmpty() && Rules.kindOf(text) == Rules.Kind.TOOL && !DeclaredFunction.forbidsCalls(text)) {
            // Asked for any function: the first one.
            named = setup.functions().values().stream().limit(1).toList();
        }
        Optional<WebSearch> search = setup.search() ? WebSearch.wantedBy(text) : Optional.empty();
        if (!named.isEmpty()) {
            List<DeclaredFunction> wanted = named;
            whenIdle(() -> call(wanted, text));
        } else if (search.isPresent()) {
            whenIdle(() -> startTurn().speakOf(search.get(), answers.toSearch(german)));
        } else if (setup.model().family().maySayNothing()
                && SILENCE.matcher(text).find()) {
            whenIdle(() -> startTurn().staySilent());
        } else {
            whenIdle(() -> say(() -> answers.toText(text, history, german)));
        }
    }

    private void say(Supplier<Answer> answer) {
        if (!style.answers()) {
            return;
        }
        Answer given = answer.get();
        startTurn().thinking(setup.thoughts() ? given.thought() : "").speak(given.speech());
    }

    private void call(List<DeclaredFunction> functions, String text) {
        Turn calling = startTurn();
        calling.first(() -> {
            List<FunctionCalls.Call> made = new ArrayList<>();
            functions.forEach(function -> made.add(calls.open(function, text)));
            outbox.send(ServerMessages.toolCall(made));
            if (!calls.anyBlocking()) {
                calling.speak(answers.toFunctionStarted(german));
            }
        });
    }

    private void continueBlocked() {
        if (!calls.anyBlocking() && turn != null && !turn.interrupted()) {
            turn.speak(answers.toFunctionResult(german));
        }
    }

    private void speakOfResult(FunctionCalls.Scheduling scheduling) {
        switch (scheduling) {
            case SILENT -> updateResumption();
            case WHEN_IDLE -> whenIdle(() -> say(() -> Answer.of(answers.toFunctionResult(german))));
            case INTERRUPT -> {
                interrupt();
                whenIdle(() -> say(() -> Answer.of(answers.toFunctionResult(german))));
            }
        }
    }

    private void interrupt() {
        if (turn == null || turn.interrupted()) {
            return;
        }
        turn.interrupt();
        List<String> cancelled = calls.cancelBlocking();
        if (!cancelled.isEmpty() && !style.dropsCallsSilently()) {
            outbox.send(ServerMessages.toolCallCancellation(cancelled));
        }
    }

    private void whenIdle(Runnable start) {
        whenIdle.add(start);
        startNext();
    }

    private void startNext() {
        Runnable start = turn == null ? whenIdle.poll() : null;
        if (start != null) {
            start.run();
        }
    }

    private Turn startTurn() {
        Turn started = new Turn(outbox, timers, style, this);
        turn = started;
        updateResumption();
        return started;
    }

    /** A handle when the session is idle; an empty update while it is not. */
    private void updateResumption() {
        if (!setup.resumption()) {
            return;
        }
        outbox.send(
                turn == null && !calls.anyOpen()
                        ? ServerMessages.resumable(handles.keep(setup.model(), history, connected))
                        : ServerMessages.notResumable());
    }
}
