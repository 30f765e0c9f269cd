package dev.livebridge.gemini.wire;

/** The text that brings the model the result of a function call of an earlier connection. */
final class LateResultText {

    /** Maximum length of a result in characters; a longer one is cut. */
    static final int MAX_RESULT = 16 * 1024;

    private LateResultText() {}

    /**
     * The text.
     *
     * @param function the function's name; may be empty
     * @param json the element of {@code functionResponses}
     */
    static String of(String function, String json) {
        String name = function.isEmpty() ? "A function" : "The function " + function;
        String result = json.length() <= MAX_RESULT ? json : json.substring(0, MAX_RESULT) + " (cut)";
        return name + " that you called before the connection was renewed has finished and has had its effect. Do not"
                + " call it again for the same request. Its result: " + result;
    }
}
