package dev.livebridge.load;

import java.util.Base64;

/** What a service tells a client, as far as talkers care. */
sealed interface Heard {

    /**
     * The conversation can begin, or goes on.
     *
     * @param resumed whether it is the one the token stood for
     * @param rebuilt whether the model only knows of it from a transcript
     */
    record Ready(boolean resumed, boolean rebuilt) implements Heard {}

    /** A piece of the model's voice. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Sound(byte[] pcm) implements Heard {}

    /** A piece of the model's voice in base64, or a problem when it isn't. */
    static Heard sound(String base64) {
        try {
            return new Sound(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException broken) {
            return new Problem("not_understood", false);
        }
    }

    /** The model was interrupted; what is still queued of it is not to be heard. */
    record Interrupted() implements Heard {}

    /** The turn is over. */
    record TurnComplete() implements Heard {}

    /** The newest token to resume with. */
    record Token(String token) implements Heard {}

    /** Connect again now, with this token: the service is leaving. */
    record Migrate(String token) implements Heard {}

    /**
     * Something went wrong.
     *
     * @param code the service's word for it
     * @param fatal whether the conversation ends by it
     */
    record Problem(String code, boolean fatal) implements Heard {}

    /** Something that does not concern talkers. */
    record Nothing() implements Heard {}
}
