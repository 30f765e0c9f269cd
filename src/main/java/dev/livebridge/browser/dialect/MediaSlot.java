package dev.livebridge.browser.dialect;

/**
 * The members of {@code realtimeInput} that hold media, with the media types they accept (gemini-live-api.md section
 * 4.3).
 */
enum MediaSlot {
    /** The older list, which holds audio and pictures. */
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
