package dev.livebridge.simulator;

import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The simulator's answers: recorded sentences, and the user's own speech. */
final class Answers {

    /** The first rule whose words occur in the text decides. */
    private final List<Rule> rules = List.of(
            new Rule("greet", history -> withRole("greeting", history)),
            new Rule("what(?:'s| is) my name|do you remember my name", Answers.this::name),
            new Rule("my name(?:'s| is)", history -> said("noted")),
            new Rule("story|count|geschichte", history -> said("story")),
            new Rule("table|code|tabelle", history -> said("table")),
            new Rule("picture|see|look|camera|screen|image|bild|siehst|kamera", Answers.this::picture),
            new Rule(
                    "who are you|your name|what are you|what can you do|wer bist du|was kannst du",
                    history -> withRole("who", history)),
            new Rule("thanks|thank you|danke", history -> said("thanks")),
            new Rule("time|clock|uhr|uhrzeit|sp\u00e4t", history -> time()),
            new Rule(
                    "hello|hi|hey|good (?:morning|day|evening)|hallo|guten (?:morgen|tag|abend)",
                    history -> said("greeting")));

    private final Recordings recordings;
    private final Clock clock;

    private record Rule(Pattern words, Function<History, List<Speech>> answer) {

        Rule(String words, Function<History, List<Speech>> answer) {
            this(Pattern.compile("\\b(?:" + words + ")\\b", Pattern.CASE_INSENSITIVE), answer);
        }
    }

    Answers(Recordings recordings, Clock clock) {
        this.recordings = recordings;
        this.clock = clock;
    }

    /** To something typed. */
    List<Speech> toText(String text, History history) {
        return rules.stream()
                .filter(rule -> rule.words().matcher(text).find())
                .findFirst()
                .map(rule -> rule.answer().apply(history))
                .orElseGet(() -> said("fallback"));
    }

    /** To something typed that was looked up on the web. */
    List<Speech> toSearch() {
        return said("searched");
    }

    /** To something spoken: the parrot. */
    List<Speech> toSpeech(short[] utterance) {
        return List.of(recordings.get("you-said"), new Speech(utterance, describe(utterance)));
    }

    /** After the result of a function. */
    List<Speech> toFunctionResult() {
        return said("tool-result");
    }

    /** After the call of a function that does not block. */
    List<Speech> toFunctionStarted() {
        return said("tool-started");
    }

    /** Placeholder for a transcript, which needs a real model. */
    static String describe(short[] utterance) {
        return String.format(Locale.ROOT, "(%.1f seconds of speech)", (double) utterance.length / Resampler.MODEL_RATE);
    }

    private List<Speech> said(String id) {
        return List.of(recordings.get(id));
    }

    /** With the role of the instruction, which shows that the instruction has arrived; its last word is spelled. */
    private List<Speech> withRole(String id, History history) {
        List<Speech> spoken = new ArrayList<>(said(id));
        history.role().ifPresent(role -> {
            String word = role.substring(role.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
            spoken.addAll(spelled("letter-", word, "I am the " + role + "."));
        });
        return spoken;
    }

    private List<Speech> name(History history) {
        return history.userName()
                .map(name -> {
                    List<Speech> spoken = new ArrayList<>(said("name-is"));
                    spoken.addAll(spelled("letter-", name.toLowerCase(Locale.ROOT), name + "."));
                    return spoken;
                })
                .orElseGet(() -> said("no-name"));
    }

    private List<Speech> picture(History history) {
        return history.picture()
                .map(picture -> {
                    List<Speech> spoken = new ArrayList<>(said("picture"));
                    String width = String.valueOf(picture.width());
                    String height = String.valueOf(picture.height());
                    spoken.addAll(spelled("digit-", width, width));
                    spoken.addAll(said("by"));
                    spoken.addAll(spelled("digit-", height, height + "."));
                    return spoken;
                })
                .orElseGet(() -> said("no-picture"));
    }

    private List<Speech> time() {
        LocalTime now = LocalTime.now(clock.withZone(ZoneOffset.UTC));
        String digits = String.format(Locale.ROOT, "%02d%02d", now.getHour(), now.getMinute());
        List<Speech> spoken = new ArrayList<>(said("time"));
        spoken.addAll(spelled("digit-", digits, digits.substring(0, 2) + ":" + digits.substring(2) + "."));
        return spoken;
    }

    /** One recording per character that has one; the transcript is that of the whole. */
    private List<Speech> spelled(String kind, String characters, String transcript) {
        List<Speech> spoken = new ArrayList<>();
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                spoken.add(new Speech(recordings.get(kind + c).samples(), spoken.isEmpty() ? transcript : ""));
            }
        }
        return spoken.isEmpty() ? List.of(new Speech(new short[0], transcript)) : spoken;
    }
}
