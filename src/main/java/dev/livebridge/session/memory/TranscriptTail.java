package dev.livebridge.session.memory;

import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.session.account.Weight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest part of the transcript, one entry per role and turn. Beyond the bounds the oldest turns are dropped.
 *
 * <p>An input transcription may arrive after the model has begun to answer it (gemini-live-api.md section 7.4); within
 * a turn the user's text comes first all the same. Not safe for several threads.
 */
public final class TranscriptTail {

    public static final int MAX_BYTES = 16 * 1024;
    public static final int MAX_ENTRIES = 40;

    /** The weight of an empty turn: its object and two buffers. */
    private static final long TURN = Weight.OBJECT + 2L * (Weight.OBJECT + Weight.STRING);

    private final Deque<Turn> turns = new ArrayDeque<>();
    private boolean turnOpen;
    private boolean cut;
    private int bytes;

    private static final class Turn {
        final StringBuilder user = new StringBuilder();
        final StringBuilder model = new StringBuilder();

        StringBuilder of(Role role) {
            return switch (role) {
                case USER -> user;
                case MODEL -> model;
            };
        }

        int bytes() {
            return utf8(user) + utf8(model);
        }
    }

    /** Appends a fragment to the running turn. */
    void append(Role role, String fragment) {
        if (fragment.isEmpty()) {
            return;
        }
        if (!turnOpen) {
            turns.addLast(new Turn());
            turnOpen = true;
        }
        String kept = tail(fragment);
        cut |= kept.length() < fragment.length();
        turns.getLast().of(role).append(kept);
        bytes += utf8(kept);
        shrink();
    }

    /** Adds a complete entry. */
    void add(TranscriptEntry entry) {
        if (entry.role() == Role.USER
                || turns.isEmpty()
                || !turns.getLast().model.isEmpty()) {
            turnOpen = false;
        } else {
            turnOpen = true;
        }
        append(entry.role(), entry.text());
        turnOpen = false;
    }

    /** Adds a complete entry; the answer to a user's entry belongs to the same turn. */
    void addQuestion(TranscriptEntry entry) {
        add(entry);
        turnOpen = entry.role() == Role.USER;
    }

    /** Ends the turn; the next fragment begins another. */
    void endTurn() {
        turnOpen = false;
    }

    /** Whether no part of the conversation was dropped. */
    boolean isWhole() {
        return !cut;
    }

    /** Bytes of memory: a buffer may have twice the size of its text. */
    long weight() {
        return 2L * bytes + turns.size() * TURN;
    }

    /** Oldest first. */
    List<TranscriptEntry> entries() {
        List<TranscriptEntry> entries = new ArrayList<>();
        for (Turn turn : turns) {
            for (Role role : Role.values()) {
                String text = turn.of(role).toString().strip();
                if (!text.isEmpty()) {
                    entries.add(new TranscriptEntry(role, text));
                }
            }
        }
        return entries;
    }

    /** The end of a fragment, at most as long as the transcript may be. */
    private static String tail(String fragment) {
        int begin = Math.max(0, fragment.length() - MAX_BYTES);
        if (begin > 0 && Character.isLowSurrogate(fragment.charAt(begin))) {
            begin++;
        }
        return fragment.substring(begin);
    }

    private void shrink() {
        while (turns.size() > 1 && (bytes > MAX_BYTES || turns.size() > MAX_ENTRIES / 2)) {
            bytes -= turns.removeFirst().bytes();
            cut = true;
        }
        Turn only = turns.getFirst();
        while (bytes > MAX_BYTES) {
            StringBuilder longest = only.user.length() > only.model.length() ? only.user : only.model;
            int excess = Math.min(longest.length(), Math.max(1, (bytes - MAX_BYTES) / 3));
            if (excess < longest.length() && Character.isLowSurrogate(longest.charAt(excess))) {
                excess++;
            }
            longest.delete(0, excess);
            cut = true;
            bytes = only.bytes();
        }
    }

    private static int utf8(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
