package dev.livebridge.simulator;

import dev.livebridge.simulator.Rules.Kind;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The simulator's answers: recorded sentences in English and German, and the user's own speech. A question that comes
 * again in the same conversation gets the next recording of its kind, so that the first answer is always the same.
 */
final class Answers {

    /** After how many repetitions of the user's voice a hint follows again; the first has one. */
    private static final int HINT_EVERY = 3;

    private static final int QUOTED_CHARACTERS = 80;

    private final Recordings recordings;
    private final Clock clock;

    Answers(Recordings recordings, Clock clock) {
        this.recordings = recordings;
        this.clock = clock;
    }

    /** To something typed. */
    Answer toText(String text, History history, boolean german) {
        Kind kind = Rules.kindOf(text);
        List<Speech> speech = new ArrayList<>();
        switch (kind) {
            case INTRODUCE, WHO, CAN -> {
                speech.add(said(kind.recording(), history, german));
                addRole(speech, history);
            }
            case NAME -> addName(speech, history, german);
            case PICTURE -> addPicture(speech, history, german);
            case SUM -> addSum(speech, text, german);
            case TIME -> addTime(speech, german);
            default -> speech.add(said(kind.recording(), history, german));
        }
        return new Answer(thought(text, kind, german), List.copyOf(speech));
    }

    /** To something typed that was looked up on the web. */
    List<Speech> toSearch(boolean german) {
        return List.of(get("searched", german));
    }

    /** To something spoken: the parrot, and at times a hint what to try. */
    List<Speech> toSpeech(short[] utterance, History history, boolean german) {
        int turn = history.nextTurnOf("speech");
        List<Speech> speech = new ArrayList<>();
        speech.add(said("you-said", history, german));
        speech.add(new Speech(utterance, describeVoice(utterance, german)));
        if (turn % HINT_EVERY == 0) {
            speech.add(said("hint", history, german));
        }
        return speech;
    }

    /** After the result of a function. */
    List<Speech> toFunctionResult(boolean german) {
        return List.of(get("tool-result", german));
    }

    /** After the call of a function that does not block. */
    List<Speech> toFunctionStarted(boolean german) {
        return List.of(get("tool-started", german));
    }

    /** Placeholder for a transcript of the user, which needs a real model. */
    static String describe(short[] utterance) {
        return String.format(Locale.ROOT, "(%.1f seconds of speech)", seconds(utterance));
    }

    /** Placeholder for the user's voice in an answer. */
    private static String describeVoice(short[] utterance, boolean german) {
        return german
                ? String.format(Locale.GERMAN, "(deine Stimme, %.1f s)", seconds(utterance))
                : String.format(Locale.ROOT, "(your voice, %.1f s)", seconds(utterance));
    }

    private static double seconds(short[] utterance) {
        return (double) utterance.length / Resampler.MODEL_RATE;
    }

    private static String thought(String text, Kind kind, boolean german) {
        String line = text.strip().replaceAll("\\s+", " ");
        String quoted = line.length() > QUOTED_CHARACTERS ? line.substring(0, QUOTED_CHARACTERS) + "…" : line;
        return german
                ? "**Eine Antwort wählen**\n\nDie Nachricht lautet „%s“. Dazu passen die Aufnahmen „%s“; ich nehme die nächste davon."
                        .formatted(quoted, kind.recording())
                : "**Choosing an answer**\n\nThe message is “%s”. The recordings “%s” fit it; I take the next of them."
                        .formatted(quoted, kind.recording());
    }

    private Speech get(String id, boolean german) {
        return recordings.get(id, german);
    }

    /** The next recording of a kind. */
    private Speech said(String kind, History history, boolean german) {
        List<String> variants = recordings.variants(kind, german);
        return recordings.get(variants.get(history.nextTurnOf(kind) % variants.size()), german);
    }

    /** The role of the instruction, which shows that the instruction has arrived; its last word is spelled. */
    private void addRole(List<Speech> speech, History history) {
        history.role().ifPresent(role -> {
            String word = role.substring(role.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
            speech.addAll(spelled("letter-", word, "I am the " + role + ".", false));
        });
    }

    private void addName(List<Speech> speech, History history, boolean german) {
        history.userName()
                .ifPresentOrElse(
                        name -> {
                            speech.add(get("name-is", german));
                            speech.addAll(spelled("letter-", name.toLowerCase(Locale.ROOT), name + ".", false));
                        },
                        () -> speech.add(get("no-name", german)));
    }

    private void addPicture(List<Speech> speech, History history, boolean german) {
        history.picture()
                .ifPresentOrElse(
                        picture -> {
                            String width = String.valueOf(picture.width());
                            String height = String.valueOf(picture.height());
                            speech.add(get("picture", german));
                            speech.addAll(spelled("digit-", width, width, german));
                            speech.add(get("by", german));
                            speech.addAll(spelled("digit-", height, height + ".", german));
                            speech.add(get(shape(picture), german));
                        },
                        () -> speech.add(said("no-picture", history, german)));
    }

    private static String shape(Picture picture) {
        int wider = Integer.compare(picture.width(), picture.height());
        return wider > 0 ? "wide" : wider < 0 ? "tall" : "square";
    }

    private void addSum(List<Speech> speech, String text, boolean german) {
        int sum = Sum.in(text).orElseThrow();
        String digits = String.valueOf(Math.abs(sum));
        speech.add(get("sum", german));
        if (sum < 0) {
            speech.add(get("minus", german));
        }
        speech.addAll(spelled("digit-", digits, digits + ".", german));
    }

    private void addTime(List<Speech> speech, boolean german) {
        LocalTime now = LocalTime.now(clock.withZone(ZoneOffset.UTC));
        String digits = String.format(Locale.ROOT, "%02d%02d", now.getHour(), now.getMinute());
        speech.add(get("time", german));
        speech.addAll(spelled("digit-", digits, digits.substring(0, 2) + ":" + digits.substring(2) + ".", german));
    }

    /** One recording per character that has one; the transcript is that of the whole. */
    private List<Speech> spelled(String kind, String characters, String transcript, boolean german) {
        List<Speech> spoken = new ArrayList<>();
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                spoken.add(new Speech(get(kind + c, german).samples(), spoken.isEmpty() ? transcript : ""));
            }
        }
        return spoken.isEmpty() ? List.of(new Speech(new short[0], transcript)) : spoken;
    }
}
