package dev.livebridge.simulator;

import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What the simulator says to what it is told: recorded sentences, and the user's own voice. */
final class Answers {

    /** The first rule whose words occur in a text answers it. */
    private final List<Rule> rules = List.of(
            new Rule("what(?:'s| is) my name|do you remember my name", Answers.this::name),
            new Rule("my name(?:'s| is)", history -> said("noted")),
            new Rule("story|count", history -> said("story")),
            new Rule("picture|see|look|camera|screen|image", Answers.this::picture),
            new Rule("who are you|your name|what are you", history -> said("who")),
            new Rule("thanks|thank you", history -> said("thanks")),
            new Rule("time|clock", history -> time()),
            new Rule("hello|hi|hey|good (?:morning|day|evening)", history -> said("greeting")));

    private final Recordings recordings;
    private final Clock clock;

    private record Rule(Pattern words, Function<History, List<Spoken>> answer) {

        Rule(String words, Function<History, List<Spoken>> answer) {
            this(Pattern.compile("\\b(?:" + words + ")\\b", Pattern.CASE_INSENSITIVE), answer);
        }
    }

    Answers(Recordings recordings, Clock clock) {
        this.recordings = recordings;
        this.clock = clock;
    }

    /** To something typed. */
    List<Spoken> toText(String text, History history) {
        return rules.stream()
                .filter(rule -> rule.words().matcher(text).find())
                .findFirst()
                .map(rule -> rule.answer().apply(history))
                .orElseGet(() -> said("fallback"));
    }

    /** To something typed that was looked up on the web. */
    List<Spoken> toSearch() {
        return said("searched");
    }

    /** To something spoken: the parrot. */
    List<Spoken> toSpeech(short[] utterance) {
        return List.of(recordings.get("you-said"), new Spoken(utterance, describe(utterance)));
    }

    /** When a function has answered. */
    List<Spoken> toFunctionResult() {
        return said("tool-result");
    }

    /** When a function was called that does not hold the conversation up. */
    List<Spoken> toFunctionStarted() {
        return said("tool-started");
    }

    /** What stands for words that only a model could have understood. */
    static String describe(short[] utterance) {
        return String.format(Locale.ROOT, "(%.1f seconds of speech)", (double) utterance.length / Resampler.MODEL_RATE);
    }

    private List<Spoken> said(String id) {
        return List.of(recordings.get(id));
    }

    private List<Spoken> name(History history) {
        return history.userName()
                .map(name -> {
                    List<Spoken> spoken = new ArrayList<>(said("name-is"));
                    spoken.addAll(spelled("letter-", name.toLowerCase(Locale.ROOT), name + "."));
                    return spoken;
                })
                .orElseGet(() -> said("no-name"));
    }

    private List<Spoken> picture(History history) {
        return history.picture()
                .map(picture -> {
                    List<Spoken> spoken = new ArrayList<>(said("picture"));
                    String width = String.valueOf(picture.width());
                    String height = String.valueOf(picture.height());
                    spoken.addAll(spelled("digit-", width, width));
                    spoken.addAll(said("by"));
                    spoken.addAll(spelled("digit-", height, height + "."));
                    return spoken;
                })
                .orElseGet(() -> said("no-picture"));
    }

    private List<Spoken> time() {
        LocalTime now = LocalTime.now(clock.withZone(ZoneOffset.UTC));
        String digits = String.format(Locale.ROOT, "%02d%02d", now.getHour(), now.getMinute());
        List<Spoken> spoken = new ArrayList<>(said("time"));
        spoken.addAll(spelled("digit-", digits, digits.substring(0, 2) + ":" + digits.substring(2) + "."));
        return spoken;
    }

    /** One recording per character that has one; the transcript is that of the whole. */
    private List<Spoken> spelled(String kind, String characters, String transcript) {
        List<Spoken> spoken = new ArrayList<>();
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                spoken.add(new Spoken(recordings.get(kind + c).samples(), spoken.isEmpty() ? transcript : ""));
            }
        }
        return spoken.isEmpty() ? List.of(new Spoken(new short[0], transcript)) : spoken;
    }
}
