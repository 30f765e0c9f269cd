package dev.livebridge.session.memory;

import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a conversation outlives its connections: the client's setup, the newest resumption handle, the transcript,
 * unanswered text and pending function calls. Bounded; safe to use from any thread.
 *
 * <p>A handle does not include what came after it. Text that was sent since then and has no answer is therefore kept
 * verbatim, to be sent again after a loss (gemini-live-api.md section 9 item 4); once it is answered it is part of the
 * transcript.
 */
public final class ConversationMemory {

    /** Text messages that wait for an answer; older ones are not sent again. */
    private static final int MAX_UNANSWERED = 16;

    /** The memory of unanswered text; one message of the largest size fits. */
    private static final long MAX_UNANSWERED_BYTES = 2L * 1024 * 1024;

    /** Function calls of earlier connections whose results may still arrive. */
    private static final int MAX_LOST_CALLS = 64;

    private final TranscriptTail transcript = new TranscriptTail();
    private final List<ClientMessage> unanswered = new ArrayList<>();
    private final Map<String, String> pendingCalls = new LinkedHashMap<>();
    private final Map<String, String> lostCalls = new LinkedHashMap<>();
    private ClientMessage.@Nullable Setup setup;
    private @Nullable String model;
    private @Nullable String handle;
    private long handleNanos;
    private boolean prefilled;
    private boolean losesPrefilledContext;
    private @Nullable SessionAccount account;
    private long unansweredBytes;
    private long callBytes;
    private long countedBytes;
    private boolean onlyHandleKnown;
    private boolean connectionLost;

    /**
     * What another instance needs to continue the conversation.
     *
     * @param setup the client's setup, not yet fitted to a model, with the agent of the conversation
     * @param model the model that answers, without prefix; {@code null} before it was negotiated
     * @param handle the newest resumption handle, {@code null} when there is none
     * @param transcript oldest first
     */
    public record Snapshot(
            ClientMessage.Setup setup,
            @Nullable String model,
            @Nullable String handle,
            List<TranscriptEntry> transcript) {
        public Snapshot {
            transcript = List.copyOf(transcript);
        }
    }

    /** The memory of a conversation that begins. */
    public ConversationMemory() {}

    /** Counts the memory in an account from now on. */
    public synchronized void countIn(SessionAccount sessionAccount) {
        account = sessionAccount;
        countSetup(null);
        count();
    }

    /** The conversation continues from another instance; this memory must be empty. */
    public synchronized void adopt(Snapshot snapshot) {
        setup = snapshot.setup();
        model = snapshot.model();
        handle = snapshot.handle();
        snapshot.transcript().forEach(transcript::add);
        countSetup(null);
        count();
    }

    // ---- events --------------------------------------------------------------------------------------------------

    /** The setup has arrived, perhaps with the handle of an earlier conversation. */
    public synchronized void onSetup(ClientMessage.Setup requested) {
        setup = new ClientMessage.Setup(requested.json(), null, requested.agent());
        ClientMessage.Resumption earlier = requested.resumption();
        if (earlier != null) {
            model = earlier.model();
            handle = earlier.handle();
            onlyHandleKnown = true;
        }
        countSetup(null);
    }

    /** An update of the context has changed the setup. */
    public synchronized void onSetupChanged(ClientMessage.Setup changed) {
        setup = changed;
        countSetup(null);
    }

    /**
     * The model has confirmed the setup on a connection.
     *
     * @param negotiated the model, and the traits of its connections
     * @param continuation what the connection was given
     */
    public synchronized void onConnected(Negotiated negotiated, Continuation continuation) {
        model = negotiated.model();
        losesPrefilledContext = negotiated.traits().losesPrefilledContext();
        prefilled |= continuation instanceof Continuation.Rebuilt rebuilt
                && !rebuilt.transcript().isEmpty();
        // The fitted setup is kept beside the client's.
        countSetup(negotiated);
    }

    /** A message of the client is sent to the model. */
    public synchronized void onSentToModel(ClientMessage message) {
        switch (message) {
            case ClientMessage.UserTurn typed -> addUnanswered(typed);
            case ClientMessage.RealtimeText typed -> addUnanswered(typed);
            case ClientMessage.ClientContent turns -> {
                prefilled |= turns.said().size() > 1
                        || turns.said().stream().anyMatch(entry -> entry.role() == TranscriptEntry.Role.MODEL);
                addUnanswered(turns);
            }
            case ClientMessage.GreetingPrompt prompt -> addUnanswered(prompt);
            case ClientMessage.LateResult result -> addUnanswered(result);
            case ClientMessage.ToolResponse response -> {
                if (response.ids().isEmpty()) {
                    pendingCalls.clear();
                } else {
                    response.ids().forEach(pendingCalls::remove);
                }
                countCalls();
            }
            case ClientMessage.Setup _,
                    ClientMessage.Resume _,
                    ClientMessage.Auth _,
                    ClientMessage.Audio _,
                    ClientMessage.Video _,
                    ClientMessage.Signal _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.LeftOut _,
                    ClientMessage.Unknown _,
                    ClientMessage.Beacon _,
                    ClientMessage.Ping _ -> {}
        }
        count();
    }

    /** A message of the model has arrived. */
    public synchronized void onServerMessage(ServerMessage message, long nowNanos) {
        switch (message) {
            case ServerMessage.Audio _, ServerMessage.OtherPart _ -> onAnswered();
            case ServerMessage.Text text -> {
                onAnswered();
                if (!text.thought()) {
                    transcript.append(TranscriptEntry.Role.MODEL, text.text());
                }
            }
            case ServerMessage.Transcription transcription -> onTranscription(transcription);
            case ServerMessage.ToolCall call -> {
                onAnswered();
                // Calls without an id share one entry.
                call.calls().forEach(each -> pendingCalls.put(each.id() == null ? "" : each.id(), each.name()));
                if (call.calls().isEmpty()) {
                    pendingCalls.put("", "");
                }
                countCalls();
            }
            case ServerMessage.ToolCallCancellation cancellation -> {
                cancellation.ids().forEach(pendingCalls::remove);
                countCalls();
            }
            case ServerMessage.TurnComplete _, ServerMessage.Interrupted _ -> transcript.endTurn();
            case ServerMessage.ResumptionUpdate update -> {
                // An update without a handle means "not resumable now"; the last handle stays valid (gemini-live-api.md
                // section 5.5).
                if (update.resumable() && update.handle() != null) {
                    handle = update.handle();
                    handleNanos = nowNanos;
                    // A handle right after a resumption does not include the text that is still to be sent again.
                    if (!connectionLost) {
                        onAnswered();
                    }
                }
            }
            case ServerMessage.Grounding _, ServerMessage.GenerationComplete _, ServerMessage.Housekeeping _ -> {}
        }
        count();
    }

    /**
     * The model of the agent can't begin the conversation: the agent's next one shall.
     *
     * @return whether there is another one
     */
    public synchronized boolean takeNextModel() {
        ClientMessage.Setup current = setup;
        AgentSetup agent = current == null ? null : current.agent();
        if (current == null || agent == null || agent.models().size() < 2) {
            return false;
        }
        setup = new ClientMessage.Setup(current.json(), current.resumption(), agent.withoutFirstModel());
        return true;
    }

    /** Gemini refuses the handle. */
    public synchronized void forgetHandle() {
        handle = null;
        count();
    }

    /**
     * The connection is lost, and with it its function calls. Results that arrive later are sent to the model as text
     * ({@link #takeLostCall}).
     *
     * @return the ids of the calls
     */
    public synchronized List<String> forgetCalls() {
        connectionLost = true;
        pendingCalls.remove("");
        List<String> gone = List.copyOf(pendingCalls.keySet());
        lostCalls.putAll(pendingCalls);
        pendingCalls.clear();
        while (lostCalls.size() > MAX_LOST_CALLS) {
            lostCalls.remove(lostCalls.keySet().iterator().next());
        }
        countCalls();
        count();
        return gone;
    }

    /**
     * A result has arrived for a call whose connection is lost. Each call is returned once.
     *
     * @return the function's name; {@code null} when no such call is known
     */
    public synchronized @Nullable String takeLostCall(String id) {
        String function = lostCalls.remove(id);
        countCalls();
        count();
        return function;
    }

    /**
     * The text that has no answer, to be sent again on a new connection. Each text is returned once, so that it is sent
     * at most twice.
     */
    public synchronized List<ClientMessage> takeUnanswered() {
        connectionLost = false;
        List<ClientMessage> again = List.copyOf(unanswered);
        onAnswered();
        count();
        return again;
    }

    // ---- state --------------------------------------------------------------------------------------------------

    /** What the next connection is given. */
    public synchronized Continuation continuation() {
        if (model == null) {
            return new Continuation.New();
        }
        // Some models lose prefilled text when they are resumed; the transcript has it, as long as it is complete.
        boolean rebuild = losesPrefilledContext && prefilled && transcript.isWhole();
        return handle == null || rebuild
                ? new Continuation.Rebuilt(transcript.entries(), model)
                : new Continuation.Resumed(handle, model);
    }

    /** The client's own setup, {@code null} before it came. */
    public synchronized ClientMessage.@Nullable Setup setup() {
        return setup;
    }

    /** Whether the only thing known of the conversation is a handle that the client sent. */
    public synchronized boolean onlyHandleKnown() {
        return onlyHandleKnown;
    }

    /** What another instance needs to continue; {@code null} before the setup. */
    public synchronized @Nullable Snapshot snapshot() {
        if (setup == null) {
            return null;
        }
        return new Snapshot(setup, model, handle, transcriptWithUnanswered());
    }

    /** The transcript, oldest first, including text without an answer. */
    public synchronized List<TranscriptEntry> transcript() {
        return transcriptWithUnanswered();
    }

    /** Whether the model waits for the result of a function. */
    public synchronized boolean callPending() {
        return !pendingCalls.isEmpty();
    }

    /** Whether there is a handle that arrived at this time or later. */
    public synchronized boolean handleNotBefore(long nanos) {
        return handle != null && handleNanos - nanos >= 0;
    }

    private List<TranscriptEntry> transcriptWithUnanswered() {
        TranscriptTail all = new TranscriptTail();
        transcript.entries().forEach(all::add);
        unanswered.forEach(typed -> entriesOf(typed).forEach(all::add));
        return all.entries();
    }

    private void addUnanswered(ClientMessage typed) {
        unanswered.add(typed);
        unansweredBytes += Weight.of(typed);
        while (unanswered.size() > MAX_UNANSWERED || unansweredBytes > MAX_UNANSWERED_BYTES) {
            ClientMessage oldest = unanswered.removeFirst();
            unansweredBytes -= Weight.of(oldest);
            entriesOf(oldest).forEach(transcript::add);
        }
    }

    /** All text sent so far has an answer, or is included in the handle. */
    private void onAnswered() {
        onlyHandleKnown = false;
        if (!unanswered.isEmpty()) {
            unanswered.forEach(typed -> entriesOf(typed).forEach(transcript::addQuestion));
            unanswered.clear();
            unansweredBytes = 0;
        }
    }

    // ---- account ------------------------------------------------------------------------------------------------

    private void countSetup(@Nullable Negotiated negotiated) {
        SessionAccount counting = account;
        if (counting == null) {
            return;
        }
        long bytes = setup == null ? 0 : Weight.of(setup);
        if (negotiated != null) {
            bytes += negotiated.agent() == null ? 0 : Weight.of(negotiated.shownSetup());
            bytes += Weight.of(negotiated.setup()) + Weight.of(negotiated.blockingFunctions());
            counting.set(SessionAccount.Part.NOTICES, Weight.of(negotiated.notices()));
        }
        counting.set(SessionAccount.Part.SETUP, bytes);
    }

    /** Other objects count in the same part of the account, so only the difference is added. */
    private void count() {
        SessionAccount counting = account;
        long bytes = transcript.weight() + unansweredBytes + callBytes + (handle == null ? 0 : Weight.of(handle));
        if (counting == null || bytes == countedBytes) {
            return;
        }
        if (bytes < countedBytes) {
            counting.subtract(SessionAccount.Part.MEMORY, countedBytes - bytes);
            countedBytes = bytes;
        } else if (counting.add(SessionAccount.Part.MEMORY, bytes - countedBytes)) {
            countedBytes = bytes;
        }
    }

    private void countCalls() {
        callBytes = weight(pendingCalls) + weight(lostCalls);
    }

    private static long weight(Map<String, String> calls) {
        long sum = 0;
        for (Map.Entry<String, String> call : calls.entrySet()) {
            sum += 2 * Weight.OBJECT + Weight.of(call.getKey()) + Weight.of(call.getValue());
        }
        return sum;
    }

    private void onTranscription(ServerMessage.Transcription transcription) {
        switch (transcription.source()) {
            case TranscriptSource.INPUT -> transcript.append(TranscriptEntry.Role.USER, transcription.text());
            case TranscriptSource.OUTPUT -> {
                onAnswered();
                transcript.append(TranscriptEntry.Role.MODEL, transcription.text());
            }
            case TranscriptSource.INTERIM_INPUT -> {}
        }
    }

    private static List<TranscriptEntry> entriesOf(ClientMessage typed) {
        return switch (typed) {
            case ClientMessage.UserTurn(String text) -> List.of(new TranscriptEntry(TranscriptEntry.Role.USER, text));
            case ClientMessage.RealtimeText(String text)
            when !text.isBlank() -> List.of(new TranscriptEntry(TranscriptEntry.Role.USER, text));
            // Only what the transcript can keep is read, and a little more, which shows that it is not complete.
            case ClientMessage.ClientContent(String json, List<TranscriptEntry> said, boolean instructs) ->
                said.subList(Math.max(0, said.size() - TranscriptTail.MAX_ENTRIES - 2), said.size());
            default -> List.of();
        };
    }
}
