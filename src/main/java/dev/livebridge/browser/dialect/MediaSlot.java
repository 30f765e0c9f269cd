package dev.livebridge.browser.dialect;

/** Where in a {@code realtimeInput} media stand, and what may stand there (gemini-live-api.md section 4.3). */
enum MediaSlot {
    /** The list of late 2024, in which sound and pictures were mixed. */
    MEDIA_CHUNKS,
    AUDIO,
    VIDEO;

    boolean takes(MediaType.Kind kind) {
        return switch (this) {
            case MEDIA_CHUNKS -> true;
            case AUDIO -> kind == MediaType.Kind.PCM;
            case VIDEO -> kind == MediaType.Kind.PICTURE;
        };
    }
}
