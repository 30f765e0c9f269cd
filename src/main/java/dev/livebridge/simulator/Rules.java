package dev.livebridge.simulator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a typed text asks for: the first rule whose words occur in it, English or German. */
final class Rules {

    private static final List<Rule> RULES = List.of(
            new Rule(Kind.INTRODUCE, "greet", "stell(?:e|st)? dich vor"),
            new Rule(
                    Kind.NAME,
                    "what(?:'s| is) my name|do you remember my name",
                    "wie hei(?:ß|ss)e ich|wie ist mein name|wei(?:ß|ss)t du meinen namen"),
            new Rule(Kind.NOTED, "my name(?:'s| is)", "ich hei(?:ß|ss)e|mein name ist"),
            new Rule(Kind.REPEAT, "repeat(?: after me)?|say after me|parrot", "sprich mir nach|wiederhol\\w*|papagei"),
            new Rule(Kind.SUM, Sum.ENGLISH, Sum.GERMAN),
            new Rule(Kind.JOKE, "jokes?|funny|make me laugh", "witze?|lustig\\w*"),
            new Rule(Kind.RIDDLE, "riddles?|puzzle", "rätsel"),
            new Rule(Kind.STORY, "story|count", "geschichten?|zähl\\w*"),
            new Rule(Kind.TABLE, "table|code", "tabellen?"),
            new Rule(Kind.SEARCH, "search(?: the web)?|google|look up", "suche?|google|such mal"),
            new Rule(Kind.TOOL, "tools?|functions?", "werkzeuge?|funktion(?:en)?"),
            new Rule(Kind.GOODBYE, "good ?bye|bye|see you|good night", "tschüs+|auf wiedersehen|gute nacht"),
            new Rule(Kind.PICTURE, "picture|see|look|camera|screen|image", "bild(?:er)?|siehst|kamera|bildschirm"),
            new Rule(
                    Kind.CAN,
                    "what can you do|what do you know|help|what (?:should|can) i (?:ask|say|try|do)",
                    "was kannst du|hilfe|was soll ich|was kann ich"),
            new Rule(
                    Kind.WHO,
                    "who are you|your name|what are you|are you (?:real|human|an ai|a robot|gemini)",
                    "wer bist du|wie hei(?:ß|ss)t du|bist du (?:echt|ein mensch|eine ki|gemini)"),
            new Rule(
                    Kind.HOW,
                    "how are you|how(?:'s| is) it going|how do you do|what's up",
                    "wie geht(?:'s| es|s)|alles gut"),
            new Rule(Kind.GERMAN, "(?:speak|know|understand|talk) german", "sprichst du deutsch|kannst du deutsch"),
            new Rule(Kind.WEATHER, "weather|rain|sunny|temperature", "wetter|regnet|temperatur"),
            new Rule(Kind.SING, "sing|song|music", "sing(?:e|st|t|en)?|lied|musik"),
            new Rule(Kind.THANKS, "thanks|thank you", "danke\\w*|vielen dank"),
            new Rule(Kind.TIME, "time|clock", "uhr|uhrzeit|spät"),
            new Rule(
                    Kind.GREETING,
                    "hello|hi|hey|good (?:morning|day|evening)",
                    "hallo|guten (?:morgen|tag|abend)|servus|moin"));

    /** Words that only German has, so that an unknown question is answered in its language. */
    private static final Pattern GERMAN_WORDS = words(
            "ich|du|und|ist|nicht|ein|eine|einen|mir|dir|mich|dich|bitte|wie|wer|wo|warum|kannst|erzähl\\w*|zeig\\w*");

    /** The questions that the page suggests in its other languages, where some put no space between words. */
    private static final Map<Kind, Pattern> SUGGESTED = Map.of(
            Kind.STORY, Pattern.compile("cuéntame|histoire|conte uma|お話|故事|قصة"),
            Kind.TABLE, Pattern.compile("tabla|tableau|tabela|表|جدول"),
            Kind.TIME, Pattern.compile("qué hora|quelle heure|que horas|何時|几点|الساعة"),
            Kind.WHO, Pattern.compile("quién eres|qui es-tu|quem é você|誰|你是谁|من أنت"));

    private Rules() {}

    /** A kind of question; its recordings are named after it. */
    enum Kind {
        INTRODUCE("greeting"),
        NAME("name"),
        NOTED("noted"),
        REPEAT("repeat"),
        SUM("sum"),
        JOKE("joke"),
        RIDDLE("riddle"),
        STORY("story"),
        TABLE("table"),
        SEARCH("no-search"),
        TOOL("no-tool"),
        GOODBYE("bye"),
        PICTURE("picture"),
        CAN("can"),
        WHO("who"),
        HOW("how"),
        GERMAN("german"),
        WEATHER("weather"),
        SING("sing"),
        THANKS("thanks"),
        TIME("time"),
        GREETING("greeting"),
        UNKNOWN("fallback");

        private final String recording;

        Kind(String recording) {
            this.recording = recording;
        }

        String recording() {
            return recording;
        }
    }

    private record Rule(Kind kind, Pattern english, Pattern german) {

        Rule(Kind kind, String english, String german) {
            this(kind, words(english), words(german));
        }

        /** In a text with straight apostrophes. */
        boolean fits(String text) {
            return english.matcher(text).find() || german.matcher(text).find();
        }
    }

    static Kind kindOf(String text) {
        return find(straight(text)).map(Rule::kind).orElseGet(() -> suggested(text));
    }

    /** Whether a text is German rather than English. */
    static boolean german(String text) {
        String straight = straight(text);
        return GERMAN_WORDS.matcher(straight).find()
                || find(straight)
                        .filter(rule -> !rule.english().matcher(straight).find())
                        .isPresent();
    }

    /** With the apostrophe of keyboards in the place of the one of telephones. */
    private static String straight(String text) {
        return text.replace('\u2019', '\'');
    }

    private static Kind suggested(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return SUGGESTED.entrySet().stream()
                .filter(suggestion -> suggestion.getValue().matcher(lower).find())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Kind.UNKNOWN);
    }

    private static Optional<Rule> find(String text) {
        return RULES.stream().filter(rule -> rule.fits(text)).findFirst();
    }

    private static Pattern words(String words) {
        return Pattern.compile(
                "(?<![\\p{L}\\d])(?:" + words + ")(?![\\p{L}\\d])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    }
}
