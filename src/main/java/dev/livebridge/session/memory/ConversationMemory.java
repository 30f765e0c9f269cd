package dev.livebridge.session.memory;

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
 * What of a conversation outlives its connections: what the client asked for, the model's own snapshot of the talk,
 * what was said, and what still waits for an answer. Bounded; safe to use from any thread.
 *
 * <p>A snapshot does not know what came after it. What was typed since then and got no answer is therefore kept word
 * for word, to be said again after a loss (section 9 item 4); once it is answered it is part of the transcript.
 */
public final class ConversationMemory {

    /** Typed text that waits for its answer; more than this is not said again. */
    private static final int MAX_UNANSWERED = 16;

    /** The memory it may take; one message of the largest size with its text fits. */
    private static final long MAX_UNANSWERED_BYTES = 2L * 1024 * 1024;

    /** Calls of earlier connections whose results may still come. */
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
     * What another process needs to take the conversation over.
     *
     * @param setup the client's wish, JSON, not yet fitted to a model
     * @param model the model that answers, without prefix; {@code null} before it was agreed upon
     * @param handle the newest resumption handle, {@code null} when there is none
     * @param transcript what was said, oldest first
     */
    public record Snapshot(
            String setup, @Nullable String model, @Nullable String handle, List<TranscriptEntry> transcript) {
        public Snapshot {
            transcript = List.copyOf(transcript);
        }
    }

    /** The memory of a conversation that begins. */
    public ConversationMemory() {}

    /** The memory of a conversation that was led elsewhere. */
    public static ConversationMemory of(Snapshot snapshot) {
        ConversationMemory memory = new ConversationMemory();
        memory.adopt(snapshot);
        return memory;
    }

    /** The session has an account, in which the memory is counted from now on. */
    public synchronized void countIn(SessionAccount sessionAccount) {
        account = sessionAccount;
        countSetup(null);
        count();
    }

    /** The conversation was led elsewhere until now; nothing is known of it yet. */
    public synchronized void adopt(Snapshot snapshot) {
        setup = new ClientMessage.Setup(snapshot.setup());
        model = snapshot.model();
        handle = snapshot.handle();
        snapshot.transcript().forEach(transcript::add);
        countSetup(null);
        count();
    }

    // ---- what happens --------------------------------------------------------------------------------------------

    /** The client has said what it wants, and perhaps which earlier conversation goes on. */
    public synchronized void onSetup(ClientMessage.Setup requested) {
        setup = new ClientMessage.Setup(requested.json());
        ClientMessage.Resumption earlier = requested.resumption();
        if (earlier != null) {
            model = earlier.model();
            handle = earlier.handle();
            onlyHandleKnown = true;
        }
        countSetup(null);
    }

    /** The client has changed what it wants. */
    public synchronized void onSetupChanged(ClientMessage.Setup changed) {
        setup = changed;
        countSetup(null);
    }

    /**
     * A connection is confirmed.
     *
     * @param negotiated with which model, and how its connections behave
     * @param continuation what the connection was told
     */
    public synchronized void onConnected(Negotiated negotiated, Continuation continuation) {
        model = negotiated.model();
        losesPrefilledContext = negotiated.traits().losesPrefilledContext();
        prefilled |= continuation instanceof Continuation.Rebuilt rebuilt
                && !rebuilt.transcript().isEmpty();
        // The fitted setup is kept beside the wish.
        countSetup(negotiated);
    }

    /** A message of the client has gone up. */
    public synchronized void onSentToModel(ClientMessage message) {
        switch (message) {
            case ClientMessage.UserTurn typed -> addUnanswered(typed);
            case ClientMessage.RealtimeText typed -> addUnanswered(typed);
            case ClientMessage.ClientContent turns -> {
                prefilled |= turns.said().size() > 1
                        || turns.said().stream().anyMatch(entry -> entry.role() == TranscriptEntry.Role.MODEL);
                addUnanswered(turns);
            }
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
                    ClientMessage.Audio _,
                    ClientMessage.Video _,
                    ClientMessage.Signal _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.LeftOut _,
                    ClientMessage.Beacon _,
                    ClientMessage.Ping _ -> {}
        }
        count();
    }

    /** The model has said something. */
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
                // A call without an id can't be told from others, but it waits all the same.
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
                // An empty update means "no snapshot now"; the handle before it stays good (section 5.5).
                if (update.resumable() && update.handle() != null) {
                    handle = update.handle();
                    handleNanos = nowNanos;
                    // A handle that comes right after a resumption does not know what is yet to be said again.
                    if (!connectionLost) {
                        onAnswered();
                    }
                }
            }
            case ServerMessage.Grounding _, ServerMessage.GenerationComplete _, ServerMessage.Housekeeping _ -> {}
        }
        count();
    }

    /** Gemini will not take the handle: it is worth nothing any more. */
    public synchronized void forgetHandle() {
        handle = null;
        count();
    }

    /**
     * The connection is gone, and with it every call that was made on it. Their results are told to the model as text
     * if they come after all ({@link #takeLostCall}).
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
     * A result has come for a call whose connection is gone. A call is answered once.
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
     * The connection is gone: what was typed and not answered, to be said again. Only once; what gets no answer the
     * second time either is not asked a third time.
     */
    public synchronized List<ClientMessage> takeUnanswered() {
        connectionLost = false;
        List<ClientMessage> again = List.copyOf(unanswered);
        onAnswered();
        count();
        return again;
    }

    // ---- what is known -------------------------------------------------------------------------------------------

    /** How the next connection continues the conversation. */
    public synchronized Continuation continuation() {
        if (model == null) {
            return new Continuation.New();
        }
        // A resumed session may not know what it was told as text; the transcript does, as long as it is whole.
        boolean rebuild = losesPrefilledContext && prefilled && transcript.isWhole();
        return handle == null || rebuild
                ? new Continuation.Rebuilt(transcript.entries(), model)
                : new Continuation.Resumed(handle, model);
    }

    /** The client's own setup, {@code null} before it came. */
    public synchronized ClientMessage.@Nullable Setup setup() {
        return setup;
    }

    /** Whether nothing is known of the conversation but a handle that the client brought. */
    public synchronized boolean onlyHandleKnown() {
        return onlyHandleKnown;
    }

    /** What another process needs to take over; {@code null} before the client's setup came. */
    public synchronized @Nullable Snapshot snapshot() {
        if (setup == null) {
            return null;
        }
        return new Snapshot(setup.json(), model, handle, transcriptWithUnanswered());
    }

    /** What was said so far, oldest first, including what has no answer yet. */
    public synchronized List<TranscriptEntry> transcript() {
        return transcriptWithUnanswered();
    }

    /** Whether the model waits for the result of a function. */
    public synchronized boolean callPending() {
        return !pendingCalls.isEmpty();
    }

    /** Whether the user typed something that has no answer yet. */
    public synchronized boolean answerPending() {
        return !unanswered.isEmpty();
    }

    /** Whether there is a handle, and it was made at this time or later. */
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

    /** Whatever was asked has an answer now, or is in the model's own snapshot. */
    private void onAnswered() {
        onlyHandleKnown = false;
        if (!unanswered.isEmpty()) {
            unanswered.forEach(typed -> entriesOf(typed).forEach(transcript::addQuestion));
            unanswered.clear();
            unansweredBytes = 0;
        }
    }

    // ---- what it costs -------------------------------------------------------------------------------------------

    private void countSetup(@Nullable Negotiated negotiated) {
        SessionAccount counting = account;
        if (counting == null) {
            return;
        }
        long bytes = setup == null ? 0 : Weight.of(setup.json());
        if (negotiated != null) {
            bytes += Weight.of(negotiated.setup()) + Weight.of(negotiated.blockingFunctions());
            counting.set(SessionAccount.Part.NOTICES, Weight.of(negotiated.notices()));
        }
        counting.set(SessionAccount.Part.SETUP, bytes);
    }

    /** Other parts of the session are counted in the same part of the account, so only the difference is told. */
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
            // More than the transcript can keep need not be looked at; a little more shows that something is missing.
            case ClientMessage.ClientContent(String json, List<TranscriptEntry> said) ->
                said.subList(Math.max(0, said.size() - TranscriptTail.MAX_ENTRIES - 2), said.size());
            default -> List.of();
        };
    }
}
