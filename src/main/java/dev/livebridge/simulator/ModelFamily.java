package dev.livebridge.simulator;

/** Models that behave alike (gemini-live-api.md section 12.2). */
enum ModelFamily {
    /** 2.5 native audio: one part per message, thinking budget, affective and proactive on request in v1alpha. */
    NATIVE_2_5,
    /** 3.1 flash live: thinking level, blocking tools only, {@code clientContent} for initial history only. */
    FLASH_3_1,
    /** 3.8 live: no thinking configuration, tools do not block unless asked to, always proactive. */
    LIVE_3_8,
    /** 3.8 with background reasoning: thinking level required, tools never block, ends with {@code IDLE}. */
    THINKING_3_8,
    /** Simultaneous translation. */
    TRANSLATE,
    /** Speech to text; the only one that answers in TEXT. */
    TRANSCRIBE,
    /** Robotics preview. */
    ROBOTICS;

    /** 2.5 sends one thing per message, later ones several. */
    boolean bundlesParts() {
        return this != NATIVE_2_5;
    }

    /** Later models tell when they hear speech begin and end. */
    boolean tellsVoiceActivity() {
        return this != NATIVE_2_5;
    }

    /** Whether {@code clientContent} is only taken as initial history. */
    boolean takesOnlyInitialHistory() {
        return this == FLASH_3_1;
    }

    /** Whether a function declared without a behaviour holds the conversation up. */
    boolean blocksByDefault() {
        return this != LIVE_3_8 && this != THINKING_3_8;
    }

    /** Whether a turn tells if more is to come. */
    boolean tellsInteractionStatus() {
        return this == THINKING_3_8;
    }

    /** Whether it decides by itself that something needs no answer. */
    boolean maySayNothing() {
        return this == LIVE_3_8 || this == THINKING_3_8;
    }

    boolean answersInText() {
        return this == TRANSCRIBE;
    }
}
