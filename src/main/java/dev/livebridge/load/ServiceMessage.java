package dev.livebridge.load;

import java.util.Base64;

/** A message from the service, as far as talkers need it. */
sealed interface ServiceMessage {

    /**
     * The conversation begins or is resumed.
     *
     * @param resumed whether it is the conversation of the token
     * @param rebuilt whether the model knows it from a transcript only
     */
    record Ready(boolean resumed, boolean rebuilt) implements ServiceMessage {}

    /** A chunk of the model's audio. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Sound(byte[] pcm) implements ServiceMessage {}

    /** A chunk of the model's audio from base64, or a problem if it is not base64. */
    static ServiceMessage sound(String base64) {
        try {
            return new Sound(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return new Problem("not_understood", false);
        }
    }

    /** The model was interrupted; queued audio must not be played. */
    record Interrupted() implements ServiceMessage {}

    /** The turn is over. */
    record TurnComplete() implements ServiceMessage {}

    /** The newest token to resume with. */
    record Token(String token) implements ServiceMessage {}

    /** Connect again now, with this token: the instance drains. */
    record Migrate(String token) implements ServiceMessage {}

    /**
     * Something went wrong.
     *
     * @param code the service's word for it
     * @param fatal whether the conversation ends by it
     */
    record Problem(String code, boolean fatal) implements ServiceMessage {}

    /** Something that does not concern talkers. */
    record Nothing() implements ServiceMessage {}
}
