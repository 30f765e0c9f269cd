package dev.livebridge.load;

/** The wire formats talkers can speak. */
enum DialectName {
    /** Our own web client's. */
    LIVE,
    /** The multimodal tutorial's. */
    TUTORIAL,
    /** Gemini Live's own, which its SDKs speak. */
    GEMINI;

    /** The dialect by that name; it keeps state, so each connection needs its own. */
    ClientDialect open() {
        return switch (this) {
            case LIVE -> new LiveClientDialect();
            case TUTORIAL -> new TutorialClientDialect();
            case GEMINI -> new GeminiClientDialect();
        };
    }
}
