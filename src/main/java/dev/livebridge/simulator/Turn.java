package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer being sent (gemini-live-api.md sections 7.1 and 7.2). Chunks are sent faster than they play.
 * {@code generationComplete} follows the last chunk, {@code turnComplete} the end of its playback. An interrupted turn
 * has no {@code generationComplete}.
 */
final class Turn {

    /** Between {@code interrupted} and the {@code turnComplete} of the turn it ended. */
    private static final long INTERRUPTED_TO_COMPLETE_MS = 60;

    private final Outbox outbox;
    private final Timers timers;
    private final TurnStyle style;
    private final Listener listener;

    private List<SpeechChunk> chunks = List.of();
    private int nextChunk;
    private long firstAudioAt;
    private long spokenMs;
    private String thought = "";
    private boolean interrupted;
    private @Nullable ObjectNode grounding;
    private @Nullable String reason;
    private Timers.@Nullable Task next;

    /** The methods of the conversation that a turn uses. */
    interface Listener {

        /** {@code usageMetadata} of this turn; of what was thought, only what was sent. */
        ObjectNode usage(long spokenMs, String thought);

        /** {@code IN_PROGRESS} while more will follow, {@code IDLE} otherwise. */
        String interactionStatus();

        /** The turn is over; the last thing that happens to it. */
        void ended(Turn turn);
    }

    Turn(Outbox outbox, Timers timers, TurnStyle style, Listener listener) {
        this.outbox = outbox;
        this.timers = timers;
        this.style = style;
        this.listener = listener;
    }

    /** Begins to speak after the model's usual pause for thought. */
    void speak(List<Speech> answer) {
        after(style.firstAudioDelayMs(), () -> begin(answer));
    }

    /** Sends a summary of the thoughts before the first word, if any (section 5.2). */
    Turn thinking(String summary) {
        thought = summary;
        return this;
    }

    /** Speaks of what was found on the web; the sources follow the last words (section 5.2). */
    void speakOf(WebSearch search, List<Speech> answer) {
        grounding = search.groundingMetadata();
        speak(answer);
    }

    /** Ends without a word, as models do that need not answer everything (section 7.6). */
    void staySilent() {
        reason = "RESPONSE_REJECTED";
        after(style.firstAudioDelayMs(), this::complete);
    }

    /** Does something before speaking, such as calling a function, after the same pause. */
    void first(Runnable action) {
        after(style.firstAudioDelayMs(), action);
    }

    boolean interrupted() {
        return interrupted;
    }

    /** How much was sent so far; of a cut turn, only this stays in the history. */
    long spokenMs() {
        return spokenMs;
    }

    /** Cuts the turn: nothing more of it is sent. */
    void interrupt() {
        if (interrupted) {
            return;
        }
        interrupted = true;
        cancelNext();
        outbox.send(ServerMessages.flag("interrupted"));
        next = timers.after(INTERRUPTED_TO_COMPLETE_MS, this::complete);
    }

    private void begin(List<Speech> answer) {
        chunks = SpeechChunk.of(answer);
        nextChunk = 0;
        firstAudioAt = System.nanoTime();
        spokenMs = 0;
        if (!thought.isEmpty()) {
            outbox.send(ServerMessages.thought(thought));
        }
        sendChunk();
    }

    private void sendChunk() {
        if (nextChunk >= chunks.size()) {
            allSent();
            return;
        }
        SpeechChunk chunk = chunks.get(nextChunk++);
        ObjectNode message = Wire.object();
        if (chunk.pcm().length > 0) {
            ServerMessages.addAudio(message, chunk.pcm());
        }
        if (style.transcribe() && !chunk.words().isEmpty()) {
            if (!style.together() && !message.isEmpty()) {
                outbox.send(message);
                message = Wire.object();
            }
            ServerMessages.addTranscription(message, "outputTranscription", chunk.words());
        }
        spokenMs += chunk.durationMs();
        boolean last = nextChunk == chunks.size();
        if (last && style.allAtOnce()) {
            ServerMessages.addFlag(message, "generationComplete");
            completeIn(message);
            return;
        }
        if (!message.isEmpty()) {
            outbox.send(message);
        }
        if (last) {
            allSent();
        } else {
            after(untilMs((long) (spokenMs / style.speed())), this::sendChunk);
        }
    }

    private void allSent() {
        if (grounding != null) {
            ObjectNode sources = Wire.object();
            sources.withObject("serverContent").set("groundingMetadata", grounding);
            outbox.send(sources);
        }
        outbox.send(ServerMessages.flag("generationComplete"));
        after(untilMs(spokenMs), this::complete);
    }

    private void complete() {
        completeIn(Wire.object());
    }

    private void completeIn(ObjectNode message) {
        if (style.completes()) {
            ServerMessages.addFlag(message, "turnComplete");
            if (reason != null) {
                message.withObject("serverContent").put("turnCompleteReason", reason);
            }
            if (style.tellsStatus()) {
                message.withObject("serverContent").put("interactionStatus", listener.interactionStatus());
            }
            if (style.reportsUsage()) {
                addUsage(message);
            }
        }
        if (!message.isEmpty()) {
            outbox.send(message);
        }
        listener.ended(this);
    }

    private void addUsage(ObjectNode message) {
        if (style.separateUsage()) {
            ObjectNode usage = Wire.object();
            ServerMessages.addUsage(usage, listener.usage(spokenMs, firstAudioAt == 0 ? "" : thought));
            outbox.send(usage);
        } else {
            ServerMessages.addUsage(message, listener.usage(spokenMs, firstAudioAt == 0 ? "" : thought));
        }
    }

    /** From now to a point on the clock that started with the first audio. */
    private long untilMs(long sinceFirstAudioMs) {
        return sinceFirstAudioMs - (System.nanoTime() - firstAudioAt) / 1_000_000;
    }

    private void after(long delayMs, Runnable step) {
        cancelNext();
        next = timers.after(delayMs, step);
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel();
        }
    }
}
